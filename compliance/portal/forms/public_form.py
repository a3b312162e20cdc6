"""One form of the public by its address, in everyday words."""

from dataclasses import dataclass

from compliance.portal.forms.requester import AskForm


@dataclass(frozen=True, kw_only=True)
class PublicForm:
    """One form: its address under `/your-data/`, how people know it, and the sentences on its
    page."""

    order: int  # its place on the page that helps to choose
    slug: str
    form: type[AskForm]
    card: str  # on the page that helps to choose
    says: str
    title: str
    lead: str
    button: str

    @property
    def about(self) -> tuple[str, str]:
        """The templates with what one should know before asking: the first that there is."""
        return f"portal/about/{self.slug}.html", "portal/about/nothing_more.html"
