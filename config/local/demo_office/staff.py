"""The invented offices, and who works in them."""

from __future__ import annotations

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.local.demo_office.words import (
    COUNTIES,
    POOL_CODE,
    POOL_NAME,
    POOL_NAME_EN,
    REGION,
)
from config.offices import roles
from config.offices.models import Membership, Office, User
from config.sign_in.models import TotpDevice
from config.sign_in.services.factor import SEED_BYTES

SINCE = date(2020, 1, 1)
RELEASE_LINE_FEN = 5_000_00
POOL_STAFF = (
    (roles.SUPERVISOR, "方科长"),
    (roles.AUDITOR, "钱审计"),
    (roles.POLICY_DESK, "陶政策"),
    (roles.ADMINISTRATOR, "孟管理"),
    (roles.SECURITY_OFFICER, "安安全"),
)
COUNTY_STAFF = (
    (roles.CLERK, "窗口"),
    (roles.REVIEWER, "复核"),
    (roles.SUPERVISOR, "主管"),
    (roles.ADMINISTRATOR, "管理"),
)


@dataclass(frozen=True)
class Staffed:
    """One office with its people by role."""

    office: Office
    staff: dict[str, User]


class Staffing:
    """Makes offices and accounts, and remembers the passwords until they are written down."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.sign_ins: list[tuple[str, str, str, str]] = []

    def make(self) -> tuple[Staffed, list[Staffed]]:
        """Make the pool and its counties; returns the pool first."""
        pool = Office.objects.create(
            code=POOL_CODE,
            name=POOL_NAME,
            name_en=POOL_NAME_EN,
            kind=Office.Kind.POOL,
            region=REGION,
            division_code="990100",
        )
        staffed = Staffed(pool, self._staff(pool, POOL_STAFF))
        counties = []
        for county in COUNTIES:
            office = Office.objects.create(
                code=county.code,
                name=county.name,
                name_en=county.name_en,
                kind=Office.Kind.COUNTY,
                parent=pool,
                region=REGION,
                division_code=county.division_code,
                release_line_fen=RELEASE_LINE_FEN,
                phone=county.phone,
                address=county.address,
            )
            names = tuple((role, office.name[:2] + title) for role, title in COUNTY_STAFF)
            counties.append(Staffed(office, self._staff(office, names)))
        return staffed, counties

    def _staff(self, office: Office, people: tuple[tuple[str, str], ...]) -> dict[str, User]:
        staff = {}
        for role, full_name in people:
            username, password = f"{office.code}_{role}", secrets.token_urlsafe(9)
            staff[role] = User.objects.create_user(username, password, full_name=full_name)
            Membership.objects.create(user=staff[role], office=office, role=role, from_on=SINCE)
            self._enrol(staff[role])
            self.sign_ins.append((office.name, role, username, password))
        return staff

    def _enrol(self, user: User) -> None:
        """Give the person a device nobody holds; the page of the code shows what it says."""
        seed = b32encode(secrets.token_bytes(SEED_BYTES)).decode()
        TotpDevice.objects.create(user=user, name=TotpDevice.Kind.PROGRAM, seed=seed)

    def write(self, path: Path) -> str:
        """Write the sign-ins where only the owner of the checkout reads them; return the text."""
        lines = ["Sign-ins of the demonstration (invented people, this machine only)", ""]
        office_before = ""
        for office, role, username, password in self.sign_ins:
            if office != office_before:
                lines += [office]
                office_before = office
            lines.append(f"  {role:<14} {username:<24} {password}")
        lines += [
            "",
            "Second factor: the page after the password shows the code to type. It works once.",
            "All codes at once: .venv/bin/python manage.py demo_codes",
        ]
        text = "\n".join(lines) + "\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return text
