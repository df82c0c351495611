"""What stays the same in one thread: the customer, the numbers, the agent, the dates.

Values hold no character that HTML or a header would need escaped, so that they are filled in as they are.
"""

import time
from typing import Final

from enneo_mind_client.testing.draw import Draw
from enneo_mind_client.testing.stories import Language

DAY: Final = 86_400
COMPANY_MAIL: Final = "service@musterstrom.example.com"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "é": "e", "ë": "e", "á": "a", "'": ""})
_MAIL_HOSTS = ("example.com", "example.org", "example.net", "mail.example.com", "post.example.org")


def facts(draw: Draw, lang: Language, start: int) -> dict[str, str]:
    """Draw the facts of a thread that starts at `start` (epoch seconds)."""
    return {**_customer(draw, lang), **_contract(draw, lang), **_meter(draw), **_dates(draw, lang, start)}


def _customer(draw: Draw, lang: Language) -> dict[str, str]:
    female = draw.chance(0.5)
    first, last = draw.pick(lang.people["women" if female else "men"]), draw.pick(lang.people["last"])
    mailbox = f"{first}.{last}".lower().translate(_PLAIN)
    street, street2 = draw.some(lang.people["streets"], 2)
    salutation = f"{lang.words['madam' if female else 'sir']} {last}"
    agent, agent2 = draw.some(range(len(lang.people["agents"])), 2)
    return {
        "name": f"{first} {last}",
        "last": last,
        "salutation": salutation,
        "dear": lang.words["dear"].format(salutation=salutation),
        "email": f"{mailbox}@{draw.pick(_MAIL_HOSTS)}",
        "customer": str(draw.between(100_000, 999_999)),
        "street": f"{street} {draw.between(1, 120)}",
        "street2": f"{street2} {draw.between(1, 120)}",
        "city": draw.pick(lang.people["cities"]),
        "agent": lang.people["agents"][agent],
        "agent_id": str(agent + 1),
        "agent2": lang.people["agents"][agent2],
    }


def _contract(draw: Draw, lang: Language) -> dict[str, str]:
    tariff, tariff2 = draw.some(lang.people["tariffs"], 2)
    installment = draw.between(45, 180)
    return {
        "contract": f"V-{draw.between(10_000_000, 99_999_999)}",
        "tariff": tariff,
        "tariff2": tariff2,
        "installment": str(installment),
        "installment_new": str(installment + draw.between(8, 60)),
        "bill": _money(draw, lang, 250, 1400),
        "credit": _money(draw, lang, 20, 240),
        "kwp": f"{draw.between(4, 14)}{lang.words['decimal']}{draw.between(1, 9)}",
    }


def _money(draw: Draw, lang: Language, low: int, high: int) -> str:
    return f"{draw.between(low, high)}{lang.words['decimal']}{draw.between(0, 99):02}"


def _meter(draw: Draw) -> dict[str, str]:
    usage, reading = draw.between(1200, 5600), draw.between(8_000, 89_000)
    return {
        "meter": f"1EMH00{draw.between(10_000_000, 99_999_999)}",
        "meter2": f"1ISK00{draw.between(10_000_000, 99_999_999)}",
        "usage": str(usage),
        "reading": str(reading),
        "reading2": str(reading + draw.between(2, 40)),
        "reading_old": str(reading - usage),
        "estimate": str(reading + draw.between(900, 2400)),
    }


def _dates(draw: Draw, lang: Language, start: int) -> dict[str, str]:
    return {
        "move_date": date(lang, start + draw.between(5, 40) * DAY),
        "due": date(lang, start + draw.between(14, 30) * DAY),
        "stamp": time.strftime("%Y%m%d_%H%M%S", time.gmtime(start - draw.between(300, 9000))),
    }


def date(lang: Language, seconds: int) -> str:
    """Write a day as people of that language do."""
    year, month, day = time.gmtime(seconds)[:3]
    text: str = lang.words["date"].format(year=year, month=month, day=day, name=_MONTHS[month - 1])
    return text
