"""The forms of the public by their addresses, each in the file that its right names."""

from compliance.cases.rights import RIGHTS, part
from compliance.portal.forms.public_form import PublicForm

SAYS = "the form with which people ask: FORM = PublicForm(...)"
FILES: tuple[str, ...] = tuple(dict.fromkeys(right.form for right in RIGHTS if right.form))
PUBLIC_FORMS: tuple[PublicForm, ...] = tuple(
    sorted(
        (part("compliance.portal.forms", file, "FORM", SAYS) for file in FILES),
        key=lambda public_form: public_form.order,
    )
)
BY_SLUG = {public_form.slug: public_form for public_form in PUBLIC_FORMS}
