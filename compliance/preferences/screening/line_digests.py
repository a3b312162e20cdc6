"""The lines of a list as digests, to be compared with the suppression list; no line is kept."""

from collections.abc import Callable, Collection, Iterator, Sequence

from compliance.preferences.channels import CHANNELS
from compliance.preferences.contact_digests import digester
from compliance.preferences.screening import columns
from compliance.preferences.screening.verdicts import REASONS, ScreeningQuestion
from compliance.preferences.vocabulary import ContactKind
from customers import normalise
from customers.importing.reader import BLANK, CsvRecord, CsvSource, Plain, unquoted
from privacy import keys, seal

# codes above the verdicts stand for reasons why a line cannot be read
FIRST_REASON = max(REASONS) + 1
BROKEN = 128  # and from here on for those of lines that have no fields
Progress = Callable[[int], object]


class LineCodes:
    """One byte for each line of the list: its verdict, why it cannot be read, or 0 where a record
    goes on."""

    def __init__(self) -> None:
        self.bytes = bytearray(2)  # there is no line 0, and line 1 is the header
        self.reasons: dict[tuple[str, bool], int] = {}

    def of(self, reason: str, *, broken: bool) -> int:
        """The code of a reason; `broken` lines have no fields."""
        known = sum(1 for _, other in self.reasons if other == broken)
        first = BROKEN if broken else FIRST_REASON
        return self.reasons.setdefault((reason, broken), first + known)


class LineDigests:
    """The digests of a list's readable lines as lines of COPY, in every version of the form under
    every live key; every line gets its code on the way. A digest of what a line may only be
    addressed to stands under the line's number with a minus."""

    def __init__(
        self,
        source: CsvSource,
        layout: columns.ListLayout,
        question: ScreeningQuestion,
        codes: LineCodes,
    ) -> None:
        kind = CHANNELS[question.channel].kind
        self.source, self.layout, self.codes, self.default = source, layout, codes, question.default
        self.digest, *self.older_keys = [
            digester(kind, key_id) for key_id in keys.ring("SUPPRESSION_KEYS").ids
        ]
        self.whose = _owners(kind) if question.names_owners else None
        self.nobody = "\t\\N\t\\N" if self.whose else ""
        # Whether some line has more than one digest, or its owner's look-up hash stands under one
        # of several keys.
        several_owners = self.whose is not None and len(keys.ring().ids) > 1
        self.several = bool(self.older_keys) or several_owners

    def rows(self, progress: Progress) -> Iterator[bytes]:
        """Runs of lines of COPY."""
        quick = self.layout.usual is not None and not self.older_keys and not self.whose
        for piece in self.source.pieces(multiline=True, progress=progress):
            if isinstance(piece, Plain):
                yield "".join(self._quick(piece) if quick else self._plain(piece)).encode()
            else:
                yield "".join(self._of(piece)).encode()

    def _plain(self, piece: Plain) -> Iterator[str]:
        for line, text in enumerate(piece.lines, start=piece.first):
            yield from self._of(unquoted(line, text, len(self.source.header)))

    def _quick(self, piece: Plain) -> list[str]:
        """A plain run of a list of which one look at a line tells all, mostly."""
        look, digest, default, mark = (
            self.layout.usual,
            self.digest,
            self.default,
            self.codes.bytes.append,
        )
        assert look is not None  # noqa: S101 the caller asks
        rows: list[str] = []
        put, longest = rows.append, normalise.PLAIN_LENGTH
        for line, text in enumerate(piece.lines, start=piece.first):
            if (found := look(text)) and len(value := found[1]) <= longest:
                mark(default)
                put(f"{line}\t{digest(value.lower())}\n")
            else:
                rows += self._of(unquoted(line, text, len(self.source.header)))
        return rows

    def _of(self, record: CsvRecord) -> Iterator[str]:
        """The digests of one record; none, and the code of the reason, when it cannot be read."""
        found: Sequence[str] = ()
        doubtful: Sequence[str] = ()
        if record.reason:
            code = self.codes.of(record.reason, broken=True)
        else:
            try:
                if self.layout.doubts:
                    found, doubtful = self.layout.doubts(record.fields)
                else:
                    found = self.layout.keys(record.fields)
                code = self.default
            except ValueError as error:
                blank = not any(map(str.strip, record.fields))
                code = self.codes.of(BLANK if blank else str(error), broken=False)
        self.codes.bytes.append(code)
        self.codes.bytes.extend(
            bytes(record.original.count("\n"))
        )  # the other lines of a record that has several
        self.several = self.several or len(found) > 1
        for key in found:
            for owner in self.whose(key) if self.whose else ("",):
                for digest in (self.digest, *self.older_keys):
                    yield f"{record.line}\t{digest(key)}{owner}\n"
        for key in doubtful:
            yield from self._under_every_key(-record.line, key)
        if found and self.layout.older:
            yield from self._in_older_forms(record, set(found))

    def _under_every_key(self, line: int, key: str) -> Iterator[str]:
        for digest in (self.digest, *self.older_keys):
            yield f"{line}\t{digest(key)}{self.nobody}\n"

    def _in_older_forms(self, record: CsvRecord, newest: Collection[str]) -> Iterator[str]:
        """The digests of a readable record in the earlier versions of its form, where they are
        others than the newest."""
        for read in self.layout.older:
            try:
                found = read(record.fields)
            except ValueError:
                continue
            for key in found:
                if key not in newest:
                    self.several = True
                    yield from self._under_every_key(record.line, key)


def _owners(kind: str) -> Callable[[str], Sequence[str]]:
    """From a normalised value to the look-up hashes by which its owner is found among our
    customers: under every live key, since `rotate_keys` may not have come to this owner yet.
    """
    ids = keys.ring().ids
    contact_points, surnames = (
        [seal.hasher(of, key_id) for key_id in ids] for of in ("contact_point", "surname")
    )

    def hashes(key: str) -> Sequence[str]:
        if kind != ContactKind.ADDRESS:
            return [f"\t{point(f'{kind}:{key}').hex}\t\\N" for point in contact_points]
        name, home = key.split("|", 1)
        return [
            f"\t{point(f'address:{home}').hex}\t{surname(name).hex}"
            for point in contact_points
            for surname in surnames
        ]

    return hashes
