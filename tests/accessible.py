"""A stranger's word that a PDF is accessible: an implementation of PDF/UA-1 that is not ours."""

from page import ValidationProfile, validate_pdf_bytes


def faults_of(document: bytes) -> list[str]:
    """What a PDF lacks of the PDF/UA-1 profile, as `rule: message`; empty when it lacks nothing."""
    report = validate_pdf_bytes(document, profile=ValidationProfile.PDF_UA_1)
    return [f"{fault.rule_id}: {fault.message}" for fault in report.failures]
