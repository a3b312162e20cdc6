import base64
import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from privacy import keys, seal

OLD, NEW = (
    base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).decode()
    for name in ("old", "new")
)
COLUMN = "customers_customer.surname"


class TestSealing:
    @given(st.text())
    @example("")
    @example("\x00")
    @example("\U0001f9fe Zoë")
    def test_any_text_comes_back(self, text):
        assert seal.unseal(seal.seal(text, COLUMN), COLUMN) == text

    def test_the_same_text_never_looks_the_same(self):
        assert seal.seal("Smith", COLUMN) != seal.seal("Smith", COLUMN)

    def test_a_moved_value_does_not_open(self):
        with pytest.raises(seal.UnsealError):
            seal.unseal(seal.seal("Smith", COLUMN), "customers_customer.given_names")

    @given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
    def test_a_changed_byte_does_not_open(self, position, change):
        envelope = bytearray(seal.seal("Smith", COLUMN))
        envelope[position % len(envelope)] ^= change
        with pytest.raises(seal.UnsealError):
            seal.unseal(bytes(envelope), COLUMN)

    @given(st.binary(max_size=80))
    def test_bytes_that_were_never_sealed_do_not_open(self, noise):
        with pytest.raises(seal.UnsealError):
            seal.unseal(noise, COLUMN)

    def test_a_wrong_key_raises_and_tells_nothing(self, settings):
        settings.PRIVACY_KEYS = f"k1:{OLD}"
        envelope = seal.seal("Smith", COLUMN)
        settings.PRIVACY_KEYS = f"k1:{NEW}"
        with pytest.raises(seal.UnsealError) as raised:
            seal.unseal(envelope, COLUMN)
        assert str(raised.value) == f"A value of {COLUMN} cannot be opened (InvalidTag)"

    def test_a_key_that_is_gone_raises(self, settings):
        settings.PRIVACY_KEYS = f"k1:{OLD}"
        envelope = seal.seal("Smith", COLUMN)
        settings.PRIVACY_KEYS = f"k2:{NEW}"
        with pytest.raises(seal.UnsealError):
            seal.unseal(envelope, COLUMN)

    def test_half_a_surrogate_pair_is_refused_without_the_text(self):
        with pytest.raises(ValueError, match=r"^the text is not valid Unicode$"):
            seal.seal("Smith \ud800", COLUMN)


class TestRotationOfKeys:
    def test_the_first_key_seals_and_all_open(self, settings):
        settings.PRIVACY_KEYS = f"k1:{OLD}"
        old = seal.seal("Smith", COLUMN)
        settings.PRIVACY_KEYS = f"k2:{NEW},k1:{OLD}"
        new = seal.seal("Smith", COLUMN)
        assert old.startswith(seal.key_prefix("k1"))
        assert new.startswith(seal.key_prefix("k2"))
        assert {seal.unseal(old, COLUMN), seal.unseal(new, COLUMN)} == {"Smith"}

    def test_a_value_is_found_under_every_live_key(self, settings):
        settings.PRIVACY_KEYS = f"k1:{OLD}"
        old = seal.lookup_hash("surname", "smith")
        settings.PRIVACY_KEYS = f"k2:{NEW},k1:{OLD}"
        assert seal.lookup_hashes("surname", "smith") == [seal.lookup_hash("surname", "smith"), old]


class TestLookupHash:
    def test_each_kind_has_a_key_of_its_own(self):
        assert seal.lookup_hash("surname", "smith") != seal.lookup_hash("linked_person", "smith")

    def test_it_is_not_the_sealing_key(self):
        ring = keys.ring()
        assert ring.derive("test1", "seal") != ring.derive("test1", "lookup:surname")


class TestKeyRing:
    def test_its_repr_shows_no_secret(self):
        assert repr(keys.parse(f"k1:{OLD}")) == "KeyRing(ids=('k1',))"

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("", "is empty"),
            (" , ", "is empty"),
            ("{secret}", "pair 1 needs an id"),
            ("secretword", "pair 1 needs an id"),
            ("k1:{secret},{secret}:k2", "pair 2 needs an id"),
            ("k1:{secret}x", "not 32 bytes"),
            ("k1:{secret}!!", "not 32 bytes"),
            ("k1:ü", "not 32 bytes"),
            ("k1:", "not 32 bytes"),
            ("k1:{secret},k1:{other}", "same key id twice"),
            ("k1:{secret},k2:{secret}", "same secret under two ids"),
        ],
    )
    def test_a_fault_is_named_and_no_secret_is(self, text, fault):
        with pytest.raises(keys.ImproperlyConfigured) as raised:
            keys.parse(text.format(secret=OLD.rstrip("="), other=NEW))
        message = str(raised.value)
        assert fault in message
        assert OLD[:8] not in message
        assert "secretword" not in message
        assert raised.value.__cause__ is None

    def test_padding_and_spaces_do_not_matter(self):
        assert keys.parse(f" k1:{OLD} , k2:{NEW.rstrip('=')} ").ids == ("k1", "k2")
