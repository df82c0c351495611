"""The words and numbers of a page, in the reader's language."""

from typing import Final

WORDS: Final = {
    "en": {
        "ticket": "Ticket",
        "parts": "Messages:",
        "zone": "Times:",
        "in": "Received",
        "out": "Sent",
        "note": "Internal note",
        "draft": "Draft",
        "unknown": "Unknown sender",
        "to": "To:",
        "cc": "Cc:",
        "message": "Message",
        "picture": "Image",
        "files": "Attachments",
        "missing": "not stored",
        "empty": "(no text)",
        "none": "This ticket has no conversations.",
        "made": "This page loads nothing from elsewhere. Times are in the zone of whoever made it.",
    },
    "de": {
        "ticket": "Ticket",
        "parts": "Nachrichten:",
        "zone": "Zeiten:",
        "in": "Eingang",
        "out": "Ausgang",
        "note": "Interne Notiz",
        "draft": "Entwurf",
        "unknown": "Unbekannter Absender",
        "to": "An:",
        "cc": "Kopie:",
        "message": "Nachricht",
        "picture": "Bild",
        "files": "Anhänge",
        "missing": "nicht gespeichert",
        "empty": "(kein Text)",
        "none": "Dieses Ticket hat keine Nachrichten.",
        "made": "Die Seite lädt nichts von anderswo. Zeiten in der Zone dessen, der sie erzeugt hat.",
    },
}


def size(count: int, language: str) -> str:
    """Return a number of bytes as people write it."""
    if count < 1000:
        return f"{count} B"
    shown = f"{count / 1e3:.0f} kB" if count < 999_500 else f"{count / 1e6:,.1f} MB"
    return shown.translate(str.maketrans(",.", ".,")) if language == "de" else shown
