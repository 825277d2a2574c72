# SPDX-License-Identifier: Apache-2.0
"""Which of tshark's layers are compared with which of our protocols, and the frames that are asked for."""

import neighbors  # noqa: F401
import names  # noqa: F401
import management  # noqa: F401
import sessions  # noqa: F401
from values import KNOWN, READERS, clean  # noqa: F401

LAYERS = tuple(READERS)
WANTED = tuple(one for one in LAYERS if one not in ("tls", "dtls", "dns", "http", "wlan.mgt", "ftp", "smtp", "imap", "pop", "icmpv6")) + (
    "tls.handshake.type in {1, 2, 11}", "dtls.handshake.type in {1, 11}", "dns && dns.flags.response == 0 && !mdns && !llmnr",
    "http && !ssdp", "wlan.fc.type_subtype in {4, 5, 8}", "ftp.response", "smtp.rsp",
    "imap", "pop.response", "icmpv6.type in {133, 134, 135, 136}")
OVER_TCP = {"ssh", "http", "tls", "rtsp", "sip", "diameter", "bmp", "modbus", "enip", "mysql", "vnc", "ftp",
            "smtp", "imap", "pop3"}
