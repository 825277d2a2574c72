// SPDX-License-Identifier: Apache-2.0
// RDP (MS-RDPBCGR): which protections a client and a server agree on in their X.224 connection
// request and confirmation (sections 2.2.1.1, 2.2.1.2), TLS behind them, and where there is none
// the name by which a client's computer calls itself (2.2.1.3.2). The user's name in the cookie is
// passed over.
#include <algorithm>
#include <string_view>

#include "dissect/dissectors.hpp"
#include "dissect/starttls.hpp"

namespace tapwarden::protocols {

namespace {

enum Code : uint8_t { kData = 0xf0, kConfirm = 0xd0, kRequest = 0xe0 };
enum Negotiation : uint8_t { kAsked = 1, kAnswered = 2 };

constexpr uint8_t kTpktVersion = 3;
constexpr uint16_t kPort = 3389;
constexpr size_t kPacketMax = 4096;
constexpr uint16_t kClientCore = 0xc001;
constexpr std::string_view kClientData = "Duca";  // H.221 key of what a client says of itself
constexpr unsigned kBlocksMax = 16;

std::string_view name_of(uint32_t protocol) {
  switch (protocol) {
    case 0:
      return "rdp";
    case 1:
      return "tls";
    case 2:
      return "credssp";
    case 4:
      return "rdstls";
    case 8:
      return "credssp-extended";
    default:
      return {};
  }
}

/// A TPKT (RFC 1006, section 6) with what X.224 puts in it; empty where it is not whole.
Reader tpkt(Reader& reader, Emit& emit) {
  if (reader.size() < 4) {
    emit.more();
    return {};
  }
  Reader head = reader;
  bool is_tpkt = head.u8() == kTpktVersion && head.u8() == 0;
  size_t size = head.u16();
  if (!is_tpkt || size < 7 || size > kPacketMax) {
    reader.fail();
    return {};
  }
  if (reader.size() < size) {
    emit.more();
    return {};
  }
  reader.skip(4);
  return reader.sub(size - 4);
}

/// Behind what else there is in the variable part: a cookie or routing token, in a request alone.
void negotiation(Reader body, bool is_request, Emit& emit) {
  std::string_view variable = as_text(body.peek());
  size_t line = variable.starts_with("Cookie: ") ? variable.find("\r\n") : std::string_view::npos;
  if (line != std::string_view::npos) body.skip(line + 2);
  if (body.size() < 8) return;
  uint8_t type = body.u8();
  body.skip(1);  // flags
  bool is_known = type == (is_request ? kAsked : kAnswered) && body.u16le() == 8;
  if (is_known && !is_request) emit.text(Field::security_protocol, name_of(body.u32le()));
}

/// MCS Connect-Initial holds GCC's request, and that the client's blocks: looked for by their key.
void client_name(Reader data, Emit& emit) {
  std::string_view text = as_text(data.peek());
  size_t key = text.find(kClientData);
  if (key == std::string_view::npos) return;
  data.skip(key + kClientData.size());
  bool is_long = !data.empty() && (data.peek()[0] & 0x80) != 0;
  data.skip(is_long ? 2 : 1);
  for (unsigned left = kBlocksMax; left > 0 && data.size() >= 4; --left) {
    uint16_t type = data.u16le();
    size_t size = data.u16le();
    if (size < 4) return emit.malformed();
    Reader block = data.sub(size - 4);
    if (type != kClientCore) continue;
    block.skip(4 + 2 + 2 + 2 + 2 + 4 + 4);  // version, screen, keyboard layout, build
    emit.utf16(Field::host_name, block.take(32), true);
    if (!block.ok()) emit.malformed();
    return;
  }
}

}  // namespace

void rdp(const Packet& packet, Reader& reader, Emit& emit) {
  Reader message = tpkt(reader, emit);
  if (message.empty()) return;
  size_t head_size = message.u8();
  uint8_t code = message.u8() & 0xf0;
  if (code != kRequest && code != kConfirm) return;
  message.skip(5);  // references and class
  if (head_size < 6 || !message.ok()) return reader.fail();
  bool is_request = code == kRequest;
  negotiation(message, is_request, emit);
  bool is_here = packet.source_port == kPort || packet.target_port == kPort;
  if (!is_here && message.size() < 8) return;  // other protocols open so too
  if (reader.empty()) return emit.more();
  if (reader.peek()[0] == tls_handshake_record) return emit.goes_on(Protocol::tls);
  if (!is_request) return;
  Reader next = tpkt(reader, emit);
  next.skip(1);
  if (next.ok() && next.u8() == kData) client_name(next, emit);
}

}  // namespace tapwarden::protocols
