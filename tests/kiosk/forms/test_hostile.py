"""Forms that mean harm: refused, in bounded time and memory. Each is tried by a program of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"'
#: bytes of address space, seconds of processor time
MEMORY, SECONDS = 1_200_000_000, 20


def xform(nodes: str = "<a/>", binds: str = "", body: str = '<input ref="/data/a"/>', more: str = "") -> str:
    return (
        f'{HEAD}><h:head><h:title>T</h:title><model>{more}<instance><data id="t">{nodes}</data></instance>'
        f"{binds}</model></h:head><h:body>{body}</h:body></h:html>"
    )


def bound(rule: str, **more: str) -> str:
    escaped = rule.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return xform(binds=f'<bind nodeset="/data/a" {more.get("as_", "relevant")}="{escaped}"/>')


def billion_laughs() -> str:
    lines = ['<!ENTITY l0 "ha">'] + [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE x [{''.join(lines)}]>" + xform(nodes="<a>&l9;</a>")


def many(count: int) -> str:
    return "".join(f"<q{n}/>" for n in range(count))


def circle(length: int) -> str:
    binds = "".join(f'<bind nodeset="/data/q{n}" calculate="/data/q{(n + 1) % length} + 1"/>' for n in range(length))
    return xform(nodes=many(length), binds=binds, body='<input ref="/data/q0"/>')


def doubling(times: int) -> str:
    binds = '<bind nodeset="/data/q0" calculate="\'xxxxxxxxxx\'"/>' + "".join(
        f'<bind nodeset="/data/q{n}" calculate="concat(/data/q{n - 1}, /data/q{n - 1})"/>' for n in range(1, times)
    )
    return xform(nodes=many(times), binds=binds, body='<input ref="/data/q0"/>')


def repeats_in_repeats(count: int) -> str:
    body = "".join(
        f'<group ref="{path}"><repeat nodeset="{path}" jr:count="{count}">'
        for path in ("/data/r", "/data/r/s", "/data/r/s/t")
    )
    body += '<input ref="/data/r/s/t/x"/>' + "</repeat></group>" * 3
    return xform(nodes="<r><s><t><x/></t></s></r>", body=body)


REFUSED = {
    "an entity bomb": billion_laughs(),
    "an external entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{xform(nodes="<a>&e;</a>")}',
    "elements within elements": xform(nodes="<a>" * 5_000 + "</a>" * 5_000),
    "groups within groups": xform(body="<group>" * 5_000 + '<input ref="/data/a"/>' + "</group>" * 5_000),
    "brackets": bound("(" * 9_000 + "1" + ")" * 9_000),
    "calls": bound("not(" * 4_000 + "1" + ")" * 4_000),
    "predicates": bound("/data" + "[/data" * 4_000 + "]" * 4_000),
    "operators": bound("1 + " * 4_900 + "1"),
    "minus signs": bound("-" * 19_000 + "1 1"),
    "a long text in a rule": bound(f"'{'x' * 1_000_000}'"),
    "ten megabytes of text": xform(nodes=f"<a>{'x' * 10_000_000}</a>"),
    "ten megabytes of labels": xform(body='<input ref="/data/a"><label>' + "长" * 3_400_000 + "</label></input>"),
    "a hundred thousand questions": xform(nodes=many(100_000)),
    "a pattern that needs much memory": bound(f"regex(., '{'((a{1,9}){1,9}){1,9}' * 30}')"),
    "a circle of three": circle(3),
    "a circle of two thousand": circle(2_000),
    "everything compared with everything": xform(
        nodes=many(2_000), binds='<bind nodeset="/data/q0" relevant="count(//*[count(//*[//* = .]) &gt; 1]) &gt; 1"/>',
        body='<input ref="/data/q0"/>',
    ),
    "a thousand repeats in a thousand repeats": repeats_in_repeats(1_000),
    "a million repeats": repeats_in_repeats(1_000_000),
    "bytes that are no text": "\x00\x01\x02",
}  # fmt: skip
RUN = {
    # Python's own matcher would take years over this
    "a pattern that explodes": bound("regex('" + "a" * 900 + "', '(a+)+b')"),
    "texts that double": doubling(60),
    "two thousand rules one after another": xform(
        nodes=many(2_000), body='<input ref="/data/q0"/>',
        binds="".join(f'<bind nodeset="/data/q{n}" calculate="/data/q{n - 1} + 1"/>' for n in range(1, 2_000)),
    ),
    "a hundred minus signs": bound("-" * 100 + "1"),
}  # fmt: skip


def check(folder: Path, xml: str) -> subprocess.CompletedProcess[str]:
    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    path = folder / "form.xml"
    path.write_text(xml, "utf-8")
    command = [sys.executable, "-m", "kiosk.forms", "check", str(path)]
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=limits, timeout=120, check=False)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_bounded_time_and_memory(name: str, tmp_path: Path) -> None:
    done = check(tmp_path, REFUSED[name])
    assert done.returncode == 1, (done.returncode, done.stderr[-300:])
    assert done.stdout == "" and "Traceback" not in done.stderr and 10 < len(done.stderr) < 100_000


@pytest.mark.parametrize("name", RUN)
def test_it_can_be_run_all_the_same(name: str, tmp_path: Path) -> None:
    done = check(tmp_path, RUN[name])
    assert done.returncode == 0, (done.returncode, done.stderr[-300:])
