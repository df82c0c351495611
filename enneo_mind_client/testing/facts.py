"""What stays the same in one thread: the customer, the numbers, the agent, the dates; most also in their other threads.

Values hold no character that HTML or a header would need escaped, so that they are filled in as they are.
"""

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from enneo_mind_client.testing.draw import Draw
from enneo_mind_client.testing.stories import Language, language

DAY: Final = 86_400
EPOCH: Final = 1_640_995_200
"""2022-01-01, when the first ticket was written."""

CUSTOMERS: Final = 2000
"""So many customers write all the tickets: several each, as in life, and they are worth remembering."""

COMPANY_MAIL: Final = "service@musterstrom.example.com"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TWO = tuple(f"{number:02}" for number in range(60))
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "é": "e", "ë": "e", "á": "a", "'": ""})
_STAMP = {ord("-"): "", ord(":"): "", ord("T"): "_", ord("Z"): ""}
_MAIL_HOSTS = ("example.com", "example.org", "example.net", "mail.example.com", "post.example.org")


def facts(draw: Draw, lang: Language, customer: Mapping[str, str], start: int) -> dict[str, str]:
    """Return what a customer's thread that starts at `start` (epoch seconds) is about."""
    return {
        **customer,
        **_readings(customer, start),
        "past_date": date(lang, start - draw.between(10, 60) * DAY),
        "move_date": date(lang, start + draw.between(5, 40) * DAY),
        "due": date(lang, start + draw.between(14, 30) * DAY),
        "stamp": iso(start - draw.between(300, 9000)).translate(_STAMP),
    }


@lru_cache(maxsize=CUSTOMERS)
def customer(seed: int, number: int) -> tuple[Language, dict[str, str]]:
    """Return a customer: the language (every fourth writes English), and what is the same in all of their threads."""
    draw = Draw(f"{seed}:customer:{number}")
    lang = language("en" if number % 4 == 3 else "de")
    return lang, {**_person(draw, lang), **_contract(draw, lang), **_meter(draw)}


def _person(draw: Draw, lang: Language) -> dict[str, str]:
    female = draw.chance(0.5)
    first, last = draw.pick(lang.people["women" if female else "men"]), draw.pick(lang.people["last"])
    mailbox = f"{first}.{last}".lower().translate(_PLAIN)
    host, city, house = draw.pick(_MAIL_HOSTS), draw.pick(lang.people["cities"]), draw.between(1, 120)
    street, street2 = draw.some(lang.people["streets"], 2)
    salutation = f"{lang.words['madam' if female else 'sir']} {last}"
    agent, agent2 = draw.some(range(len(lang.people["agents"])), 2)
    return {
        "name": f"{first} {last}",
        "last": last,
        "salutation": salutation,
        "dear": lang.words["dear"].format(salutation=salutation),
        "email": f"{mailbox}@{host}",
        "email2": f"family.{mailbox}@{host}",
        "customer": str(draw.between(100_000, 999_999)),
        "street": f"{street} {house}",
        "street2": f"{street2} {draw.between(1, 120)}",
        "city": city,
        "home": f"{first} {last}, {street} {house}, {city}, {lang.words['country']}",
        "agent": lang.people["agents"][agent],
        "again": lang.words["again"].format(agent=lang.people["agents"][agent]),
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
        "first_reading": str(reading),
    }


def _readings(customer: Mapping[str, str], start: int) -> dict[str, str]:
    # A meter runs on from one of the customer's threads to the next.
    usage = int(customer["usage"])
    reading = int(customer["first_reading"]) + usage * (start - EPOCH) // (365 * DAY)
    return {
        "reading": str(reading),
        "reading2": str(reading + usage // 250 + 2),
        "reading_old": str(reading - usage),
        "estimate": str(reading + usage // 3 + 500),
    }


def date(lang: Language, seconds: int) -> str:
    """Write a day as people of that language do."""
    return _date(lang, seconds // DAY)


def iso(seconds: int) -> str:
    """Write a moment in ISO 8601."""
    return f"{_day(seconds // DAY)}T{_TWO[seconds // 3600 % 24]}:{_TWO[seconds // 60 % 60]}:{_TWO[seconds % 60]}Z"


# Writing dates costs as much as everything else in a ticket; there are few days.
@lru_cache(maxsize=4096)
def _date(lang: Language, number: int) -> str:
    year, month, day = time.gmtime(number * DAY)[:3]
    text: str = lang.words["date"].format(year=year, month=month, day=day, name=_MONTHS[month - 1])
    return text


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(number * DAY))
