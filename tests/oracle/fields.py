# SPDX-License-Identifier: Apache-2.0
"""Which of tshark's layers are compared with which of our protocols, and the frames that are asked for."""

import neighbors  # noqa: F401
import names  # noqa: F401
import management  # noqa: F401
import sessions  # noqa: F401
from values import KNOWN, READERS, clean  # noqa: F401

# What a display filter takes for a layer, where the layer's own name will not do or would show too much.
ASKED_FOR = {
    "tls": "tls.handshake.type in {1, 2, 11}", "dtls": "dtls.handshake.type in {1, 11}",
    "dns": "dns && dns.flags.response == 0 && !mdns && !llmnr", "http": "http && !ssdp",
    "wlan.mgt": "wlan.fc.type_subtype in {4, 5, 8}", "ftp": "ftp.response", "smtp": "smtp.rsp", "imap": "imap",
    "pop": "pop.response", "icmpv6": "icmpv6.type in {133, 134, 135, 136}"}
LAYERS = tuple(READERS)
WANTED = tuple(one for one in LAYERS if one not in ASKED_FOR) + tuple(ASKED_FOR.values())
OVER_TCP = {"ssh", "http", "tls", "rtsp", "sip", "diameter", "bmp", "modbus", "enip", "mysql", "vnc", "ftp", "smtp",
            "imap", "pop3"}
