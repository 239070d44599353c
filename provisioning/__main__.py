"""kiosk-provision: bring a machine into service, for technicians."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from offline_cache.key_holders.choice import NAMES as HOLDERS
from provisioning import deliveries, keys, papers
from provisioning.check import check
from provisioning.enrolment import enrol, renew
from provisioning.errors import ProvisioningError
from provisioning.update import update
from provisioning.voucher import Voucher


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused or something to mend, 2 wrongly typed."""
    parser = ArgumentParser(prog="kiosk-provision", description="Brings Bianmin terminals into service.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    enrolling = commands.add_parser("enrol", help="make this machine the terminal that a voucher names")
    enrolling.add_argument("--server", type=_server, required=True, metavar="https://HOST:PORT")
    enrolling.add_argument("--voucher", required=True, help="the one line of kiosk-fleet voucher")
    enrolling.add_argument("--devices", type=Path, metavar="devices.toml", help="which devices are there, and where")
    enrolling.add_argument("--again", action="store_true", help="also when this folder is enrolled already")
    enrolling.set_defaults(run=_enrol)
    renewing = commands.add_parser("renew", help="fetch the next certificate with the present one (daily)")
    renewing.set_defaults(run=_renew)
    checking = commands.add_parser("check", help="what is there, until when it holds, how the devices are")
    checking.set_defaults(run=_check)
    listing = commands.add_parser("papers", help="papers nobody knows of, and the sheets left in the tray")
    listing.set_defaults(run=_papers)
    settling = commands.add_parser("settle", help="say of such a paper, having looked, whether it came out")
    settling.add_argument("paper", help="its id, or how it begins")
    settling.add_argument("result", choices=["came", "missing"])
    settling.add_argument("--by", required=True, metavar="STAFF", help="who looked: a work number, not a name")
    settling.set_defaults(run=_settle)
    filling = commands.add_parser("refill", help="say how many sheets are in the page printer's tray now")
    filling.add_argument("sheets", type=int)
    filling.set_defaults(run=_refill)
    keys_command = commands.add_parser(
        "keys", help="the key citizens' data is sealed with: who holds it, and moving it"
    )
    keys_command.add_argument("--rotate", action="store_true", help="exchange the key now")
    keys_command.add_argument("--holder", choices=HOLDERS, help="exchange it, and hold it there from now on")
    keys_command.add_argument("--tcti", help="how the TPM is reached, if not through the kernel (/dev/tpmrm0)")
    keys_command.add_argument(
        "--pcrs", type=int, nargs="+", default=[], metavar="N", help="TPM registers that must stay (7: secure boot)"
    )
    keys_command.add_argument("--remove-set-aside", metavar="NAME", help="remove a damaged database that was set aside")
    keys_command.set_defaults(run=_keys)
    updating = commands.add_parser("update", help="install a release from a USB stick of kiosk-fleet export-release")
    updating.add_argument("--from", dest="stick", type=Path, required=True, metavar="FOLDER", help="the stick")
    updating.set_defaults(run=_update)
    delivering = commands.add_parser("outbox", help="what waits to be delivered, what is parked and why")
    delivering.add_argument("--retry", metavar="ID", help="try a parked one again (its id or how it begins), or all")
    delivering.set_defaults(run=_outbox)
    for command in (enrolling, renewing, checking, listing, settling, filling, keys_command, updating, delivering):
        command.add_argument("--data", type=Path, required=True, metavar="DIR", help="the terminal's data folder")
        command.add_argument("--json", action="store_true", help="answer in JSON")
    options = parser.parse_args(arguments)
    try:
        content, lines = options.run(options)
    except ProvisioningError as error:
        if options.json:
            print(json.dumps({"error": str(error)}, ensure_ascii=False))
        print(f"kiosk-provision {options.command}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(content, ensure_ascii=False) if options.json else "\n".join(lines))
    return 0 if content.get("ok", True) else 1


def _enrol(options: Namespace) -> tuple[dict[str, Any], list[str]]:
    voucher = Voucher.read(options.voucher)
    enrolled = enrol(options.data, options.server, voucher, options.devices, again=options.again)
    profile, expires_at = enrolled.profile, enrolled.certificate_expires_at.isoformat()
    lines = [
        f"{profile.terminal_id} {profile.label}: {profile.hall.zh} {profile.place}",
        f"certificate holds until {expires_at}",
        f"next: kiosk-provision check --data {options.data}",
    ]
    return {"terminal": profile.model_dump(mode="json"), "certificate_expires_at": expires_at}, lines


def _renew(options: Namespace) -> tuple[dict[str, Any], list[str]]:
    expires_at = renew(options.data).isoformat()
    return {"certificate_expires_at": expires_at}, [f"certificate holds until {expires_at}"]


def _check(options: Namespace) -> tuple[dict[str, Any], list[str]]:
    found = check(options.data)
    lines = []
    if found["terminal"]:
        lines.append("terminal     {id} {label}, {hall_zh} {place}".format(**found["terminal"]))
    if found["certificate"]:
        lines.append("certificate  until {expires_at} ({days_left} days)".format(**found["certificate"]))
    if found["trust_root"]:
        lines.append("trust root   version {version}, until {expires_at}".format(**found["trust_root"]))
    lines.append(f"release      {found['release'] or 'none yet: kiosk-sync fetches the first one'}")
    for name, state in (found["devices"] or {}).items():
        lines.append(f"device       {name}: {state['device']} {state['detail']}".rstrip())
    lines += [f"! {problem}" for problem in found["problems"]] or ["everything is in order"]
    return found, lines


def _papers(options: Namespace) -> tuple[dict[str, Any], list[str]]:
    found = papers.papers(options.data)
    lines = [
        f"{line['id'][:8]}  {line['kind']} {line['number']}  {line['reason']}  {line['changed_at']}"
        for line in found["uncertain"]
    ]
    left = "nobody counts" if found["sheets_left"] is None else f"{found['sheets_left']} sheets"
    return found, [*(lines or ["nothing is uncertain"]), f"tray: {left}{', low' if found['low'] else ''}"]


def _settle(options: Namespace) -> tuple[dict[str, Any], list[str]]:
    line = papers.settle(options.data, options.paper, options.result == "came", options.by)
    return asdict(line), [f"{line.kind} {line.number}: {line.state}"]


def _refill(options: Namespace) -> tuple[dict[str, Any], list[str]]:
    papers.refill(options.data, options.sheets)
    return {"sheets_left": options.sheets}, [f"the tray holds {options.sheets} sheets"]


def _keys(options: Namespace) -> tuple[dict[str, Any], list[str]]:
    if options.remove_set_aside:
        found = keys.remove_set_aside(options.data, options.remove_set_aside)
    elif options.rotate or options.holder:
        found = keys.rotate(options.data, options.holder, options.tcti, options.pcrs)
    else:
        found = keys.status(options.data)
    lines = [f"key          generation {found['generation']}, held by {found['holder']}"]
    if not found["for_service"]:
        lines.append("! a key in a file is for development only: kiosk-provision keys --holder tpm")
    if found["last_rescue"]:
        lines.append("rescue       {at}: {kept} undelivered entries kept, {lost} lost".format(**found["last_rescue"]))
    return found, [*lines, *(f"set aside    {name}" for name in found["set_aside"])]


def _update(options: Namespace) -> tuple[dict[str, Any], list[str]]:
    version, new = update(options.data, options.stick)
    line = f"release {version} is installed" if new else f"release {version} stays: the stick has nothing newer"
    return {"release": version, "new": new}, [line]


def _outbox(options: Namespace) -> tuple[dict[str, Any], list[str]]:
    again = deliveries.retry(options.data, options.retry) if options.retry else 0
    found = deliveries.deliveries(options.data) | ({"tried_again": again} if options.retry else {})
    lines = [f"network: {found['network']}"] + ([f"! {found['problem']}"] if found["problem"] else [])
    lines += [f"waiting  {one['kind']} {one['id']}  since {one['since']}" for one in found["waiting"]]
    lines += [f"parked   {one['kind']} {one['id']}  {one['reason']} since {one['since']}" for one in found["parked"]]
    if not found["waiting"] and not found["parked"]:
        lines.append("everything is delivered")
    return found, lines + ([f"{again} tried again"] if options.retry else [])


def _server(text: str) -> str:
    try:
        address = urlsplit(text)
        host, _port = address.hostname, address.port
    except ValueError:
        raise ArgumentTypeError("write it as https://HOST:PORT") from None
    if address.scheme != "https" or not host or "@" in address.netloc or address.path.strip("/") or address.query:
        raise ArgumentTypeError("write it as https://HOST:PORT")
    return f"https://{address.netloc}"


if __name__ == "__main__":
    sys.exit(main())
