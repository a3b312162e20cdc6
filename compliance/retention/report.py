"""The purge's figures as a table to read."""

from compliance.retention.engine import Report

HEAD = ("category", "records", "rule that decided", "due", "held", "erased", "kept because of")


def table(report: Report) -> str:
    """The report as lines of text: what has figures, then a sentence on what is next."""
    rows = [
        (
            line.category,
            line.model.partition(".")[2],
            line.rule + (" (unconfirmed)" if line.rule in line.unconfirmed else ""),
            f"{line.due:,}",
            f"{line.held:,}",
            f"{line.erased:,}",
            ", ".join(f"{reason} ({count:,})" for reason, count in line.kept.items()) or "-",
        )
        for line in report.lines
        if line.due or line.held or line.erased or line.kept
    ]
    title = (
        "Retention purge as of "
        f"{report.as_of:%-d %B %Y}{' (dry run: nothing was erased)' if report.dry_run else ''}"
    )
    if not rows:
        return "\n".join([title, "Nothing is due.", *_dormant(report)])
    widths = [max(len(row[column]) for row in [HEAD, *rows]) for column in range(len(HEAD))]
    body = [
        _line(HEAD, widths),
        "  ".join("-" * width for width in widths),
        *(_line(row, widths) for row in rows),
    ]
    return "\n".join([title, "", *body, "", _summary(report), *_dormant(report)])


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    aligned = [
        cell.rjust(width) if 3 <= number <= 5 else cell.ljust(width)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(aligned).rstrip()


def _dormant(report: Report) -> list[str]:
    """What the dry run says of ends that nobody has written yet."""
    if report.dormant is None:
        return []
    noun = "relationship" if report.dormant == 1 else "relationships"
    return [
        f"The next close_dormant would end {report.dormant:,} {noun}; nothing here counts on it."
    ]


def _summary(report: Report) -> str:
    due, erased = sum(n.due for n in report.lines), sum(n.erased for n in report.lines)
    held = sum(n.held for n in report.lines)
    text = f"{due:,} records due, {held:,} held, {erased:,} erased."
    if report.unconfirmed:
        text += (
            f"\nThe owner has not confirmed: {', '.join(report.unconfirmed)}. Until the data "
            "protection lead does so "
            "in the register, the records that they protected are erased only with "
            "--accept-defaults."
        )
    return text
