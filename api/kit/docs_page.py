"""`/docs`: the reference as plain pages, out of the process itself. No script, no other host."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from fastapi import FastAPI
from starlette.responses import HTMLResponse

from api.errors import Refused
from api.kit.reference import operations

_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace;background:#8881;border-radius:4px}
code{padding:0 .25em}pre{padding:.75em;overflow-x:auto}
h2{margin-top:3rem}h3{margin-top:2rem}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #8884;padding:.3em .6em;text-align:left;vertical-align:top}
summary{cursor:pointer}
"""
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"


def install_docs(app: FastAPI) -> None:
    """Serve the pages."""

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return _page("Flatbed: HTTP interface", "".join(_reference(app.openapi())))

    @app.get("/docs/problems", include_in_schema=False)
    def problems() -> HTMLResponse:
        return _page("Flatbed: problems", "".join(_problems()))


def _page(title: str, body: str) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>",
        headers={"Content-Security-Policy": _POLICY},
    )


def _reference(told: Mapping[str, Any]) -> Iterator[str]:
    info = told["info"]
    yield f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>"
    yield f"<p>{escape(info.get('summary', ''))}</p><p><a href=/openapi.json>openapi.json</a>"
    yield " (OpenAPI 3.1) &middot; <a href=/docs/problems>problems</a></p>"
    by_tag: dict[str, list[str]] = {}
    for method, path, operation in operations(told):
        words = "".join(_operation(method, path, operation))
        by_tag.setdefault((operation.get("tags") or ["service"])[0], []).append(words)
    for tag, listed in sorted(by_tag.items()):
        yield f"<h2>{escape(tag)}</h2>{''.join(listed)}"


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    name = escape(operation["operationId"])
    yield f"<h3 id={name}><code>{method.upper()} {escape(path)}</code></h3>"
    yield f"<p>{escape(operation.get('description', ''))}</p>"
    scopes = [scope for each in operation.get("security", ()) for scope in each.get("ApiKey", ())]
    if operation.get("security"):
        yield f"<p>Scopes: {', '.join(map(escape, scopes)) or 'any key'}</p>"
    if operation.get("parameters"):
        yield "<table><tr><th>parameter<th>in<th>what"
        for each in operation["parameters"]:
            needed = " (required)" if each.get("required") else ""
            what = escape(each.get("description") or each["schema"].get("description", ""))
            yield f"<tr><td><code>{escape(each['name'])}</code><td>{each['in']}{needed}<td>{what}"
        yield "</table>"
    yield from _examples("Request", operation.get("requestBody", {}))
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            yield from _examples(f"Answer {status}", answer)
    refused = [status for status in operation["responses"] if status >= "4"]
    if refused:
        yield f"<p>Refusals: {', '.join(map(escape, refused))}</p>"


def _examples(title: str, message: Mapping[str, Any]) -> Iterator[str]:
    for content in message.get("content", {}).values():
        if "example" in content:
            text = json.dumps(content["example"], indent=2, ensure_ascii=False)
            yield f"<details open><summary>{escape(title)}</summary><pre>{escape(text)}</pre>"
            yield "</details>"


def _problems() -> Iterator[str]:
    yield "<h1>Problems</h1><p>Every refusal is <code>application/problem+json</code> (RFC 9457). "
    yield "<code>code</code> is stable; act on it and not on the words.</p>"
    yield "<table><tr><th>code<th>status<th>what it means"
    for kind in sorted(refusals(Refused), key=lambda each: each.code):
        words = " ".join((kind.__doc__ or "").split())
        yield f"<tr id={escape(kind.code)}><td><code>{escape(kind.code)}</code>"
        yield f"<td>{kind.status}<td>{escape(words)}"
    yield "</table>"


def refusals(kind: type[Refused]) -> Iterator[type[Refused]]:
    """Give every refusal that this process can answer with."""
    for each in kind.__subclasses__():
        if each.__module__.partition(".")[0] == "api":
            yield each
        yield from refusals(each)
