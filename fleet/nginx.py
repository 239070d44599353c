"""The private nginx in front: it ends TLS, checks client certificates and hands out releases as plain files."""

from __future__ import annotations

import os
from pathlib import Path

from contract.phone_uploads import LARGEST_SET, MIB
from fleet.data_folder import DataFolder
from fleet.errors import ServeFailed
from fleet.uploads import LARGEST

#: Where Debian's nginx may be when PATH has no sbin.
PROGRAMS = ("nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx")

_HEADERS = """\
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Connection "";
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Client-Verify {verify};
            proxy_set_header X-Client-Subject {subject};
            proxy_set_header X-Client-Serial {serial};"""

_CONFIGURATION = """\
# Written by kiosk-fleet serve at each start; changes here are lost.
{user}worker_processes 1;
daemon off;
pid "{nginx}/nginx.pid";
error_log "{nginx}/error.log" crit;
events {{ worker_connections 1024; }}
http {{
    # Neither queries nor headers: a query of /verify is a certificate.
    log_format bare '$time_iso8601 $request_method $uri $status $body_bytes_sent $request_time';
    access_log "{nginx}/access.log" bare;
    server_tokens off;
    client_body_temp_path "{nginx}/body";
    proxy_temp_path "{nginx}/proxy";
    fastcgi_temp_path "{nginx}/fastcgi";
    uwsgi_temp_path "{nginx}/uwsgi";
    scgi_temp_path "{nginx}/scgi";
    types {{ application/json json; application/xml xml; }}
    default_type application/octet-stream;
    client_max_body_size 4m;
    large_client_header_buffers 4 16k;
    # What needs no certificate is open to anybody: guessing and flooding are slowed down.
    limit_req_zone $binary_remote_addr zone=open:1m rate=10r/s;
    limit_req_status 429;
    upstream app {{ server unix:{socket}; keepalive 16; }}

    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate "{certificate}";
        ssl_certificate_key "{key}";
        ssl_client_certificate "{ca}";
        ssl_verify_client optional;
        ssl_protocols TLSv1.2 TLSv1.3;
        location /releases/ {{
            root "{data}";
            add_header Cache-Control "no-cache";
        }}
        location /.well-known/est/ {{
            client_max_body_size 64k;
            limit_req zone=open burst=100 nodelay;
{terminal}
        }}
        location = /verify {{
            limit_req zone=open burst=100 nodelay;
{anyone}
        }}
        location /documents/ {{
            access_log off;  # whoever has the path has the document
            limit_req zone=open burst=20 nodelay;
{anyone}
        }}
        location /receipts/ {{
            access_log off;  # whoever has the path has the receipt
            limit_req zone=open burst=20 nodelay;
{anyone}
        }}
        location = /device {{
            client_max_body_size 16k;
            limit_req zone=open burst=100 nodelay;
{anyone}
        }}
        location = /saved {{
            client_max_body_size 256k;  # the longest page of a form
            limit_req zone=open burst=100 nodelay;
{anyone}
        }}
        location = /upload {{
            client_max_body_size {upload}m;
            client_body_buffer_size {upload}m;  # papers as they come touch no disk
            error_page 413 /upload/too-large;
            limit_req zone=open burst=100 nodelay;
{anyone}
        }}
        location = /upload/too-large {{
            internal;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
{anyone}
        }}
        location = /saved/picture {{
            limit_req zone=open burst=100 nodelay;
{anyone}
        }}
        location /oauth2/ {{
            default_type application/json;
            if ($ssl_client_verify != SUCCESS) {{
                add_header Cache-Control "no-store" always;
                return 401 '{{"error":"invalid_client"}}';
            }}
            client_max_body_size 16k;
{terminal}
        }}
        location /api/v1/uploads/ {{
            if ($ssl_client_verify != SUCCESS) {{ return 403; }}
            client_max_body_size {body}m;
            proxy_request_buffering off;  # a broken upload keeps the bytes that came
{terminal}
        }}
        location /api/ {{
            if ($ssl_client_verify != SUCCESS) {{ return 403; }}
{terminal}
        }}
        location / {{ return 404; }}
    }}

    server {{
        listen 127.0.0.1:{operator_port};
        location /operator/v1/ {{
{anyone}
        }}
        location / {{ return 404; }}
    }}
}}
"""


def write_configuration(folder: DataFolder, socket: Path, port: int, operator_port: int) -> Path:
    """Write nginx.conf for these ports, the application being on the Unix socket `socket`; its path.

    Raises ServeFailed for a data folder whose path nginx cannot be told."""
    folder.nginx.mkdir(mode=0o700, exist_ok=True)
    terminal = {"verify": "$ssl_client_verify", "subject": "$ssl_client_s_dn", "serial": "$ssl_client_serial"}
    text = _CONFIGURATION.format(
        user="user root;\n" if os.geteuid() == 0 else "",
        nginx=_plain(folder.nginx),
        data=_plain(folder.root),
        socket=socket,
        upload=LARGEST_SET // MIB + 1,
        body=LARGEST // 1024 // 1024 + 1,
        port=port,
        operator_port=operator_port,
        certificate=_plain(folder.server_certificate),
        key=_plain(folder.server_key),
        ca=_plain(folder.ca_certificate),
        terminal=_HEADERS.format(**terminal),
        anyone=_HEADERS.format(verify='""', subject='""', serial='""'),
    )
    path = folder.nginx / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return path.resolve()


def _plain(path: Path) -> str:
    """A path as nginx reads it between quotation marks. Raises ServeFailed for what nginx cannot be told."""
    text = str(path.resolve())
    if any(character in text for character in '"\\$\n'):
        raise ServeFailed(f'nginx cannot serve from {text}: choose a folder without " \\ and $ in its path')
    return text
