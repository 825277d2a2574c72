// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's frontend/backend protocol 3 (its documentation, chapter "Message Formats"): the
// version that a server reports, the place in its source that an error comes from, which differs
// from version to version, the name of a client's program, and TLS where the client asks for it.
// Users, databases and the errors' words, which name them, are passed over.
#include <array>

#include "dissect/decoded_text.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"
#include "dissect/starttls.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kPort = 5432;
constexpr uint32_t kVersion3 = 3 << 16;
constexpr uint32_t kTlsRequest = 80877103;
constexpr uint32_t kGssRequest = 80877104;
constexpr size_t kMessageMax = 4096;
constexpr unsigned kMessagesMax = 48;
constexpr unsigned kPartsMax = 48;

/// Up to its NUL, which is taken; the reader fails where there is none.
std::string_view string(Reader& reader) {
  size_t size = as_text(reader.peek()).find('\0');
  if (size == std::string_view::npos) {
    reader.fail();
    return {};
  }
  std::string_view text = reader.text(size);
  reader.skip(1);
  return text;
}

void startup(Reader message, Emit& emit) {
  for (unsigned left = kPartsMax; left > 0 && message.ok(); --left) {
    std::string_view name = string(message);
    if (name.empty()) break;
    std::string_view value = string(message);
    if (name == "application_name") emit.text(Field::user_agent, value);
  }
  if (!message.ok()) emit.malformed();
}

void client(Reader& reader, Emit& emit) {
  for (int left = 3; left > 0; --left) {  // a request for each protection, then the login
    if (reader.size() < 8)
      return reader.empty() || left == 3 ? emit.more() : expect_tls(reader, emit);
    if (reader.peek()[0] == tls_handshake_record) return emit.goes_on(Protocol::tls);
    Reader head = reader;
    size_t size = head.u32();
    uint32_t code = head.u32();
    bool is_request = size == 8 && (code == kTlsRequest || code == kGssRequest);
    if (!is_request && code != kVersion3) return;
    if (size < 8 || size > kMessageMax) return reader.fail();
    if (reader.size() < size) return emit.more();
    reader.skip(8);
    if (!is_request) return startup(reader.sub(size - 8), emit);
  }
}

/// "28P01 auth.c:326 auth_failed".
void error(Reader message, Emit& emit) {
  std::string_view code, file, line, routine;
  for (unsigned left = kPartsMax; left > 0 && message.ok(); --left) {
    uint8_t type = message.u8();
    if (type == 0) break;
    std::string_view text = string(message);
    if (type == 'C') code = text;
    if (type == 'F') file = text;
    if (type == 'L') line = text;
    if (type == 'R') routine = text;
  }
  if (!message.ok() || code.empty()) return emit.malformed();
  DecodedText<128> joined;
  joined.append(code);
  if (!file.empty()) {
    joined.append(' ');
    joined.append(file);
    joined.append(':');
    joined.append(line);
    joined.append(' ');
    joined.append(routine);
  }
  emit.text(Field::message, joined.view());
}

/// True when nothing behind the message is wanted.
bool message(uint8_t type, Reader body, Emit& emit) {
  if (type == 'E') {
    error(body, emit);
  } else if (type == 'S') {
    std::string_view name = string(body);
    std::string_view value = string(body);
    if (!body.ok()) emit.malformed();
    if (name == "server_version") emit.text(Field::banner, value);
    return name == "server_version";
  }
  // Authentication, its challenges, the key of the back end, notices: on the way to the version.
  bool is_early = type == 'R' || type == 'S' || type == 'K' || type == 'N' || type == 'v';
  return !is_early;
}

void server(Reader& reader, Emit& emit) {
  for (unsigned left = kMessagesMax; left > 0; --left) {
    if (reader.empty()) return emit.more();
    uint8_t type = reader.peek()[0];
    if (type == tls_handshake_record) return emit.goes_on(Protocol::tls);
    bool is_first = left == kMessagesMax;
    // One octet answers a request for protection; what follows tells it from a message.
    bool is_answer = is_first && (type == 'S' || type == 'N' || type == 'G') &&
                     (reader.size() < 2 || reader.peek()[1] != 0);
    if (is_answer) {
      reader.skip(1);
      continue;
    }
    if (reader.size() < 5) return emit.more();
    Reader head = reader;
    head.skip(1);
    size_t size = head.u32();
    bool is_letter = (type | 0x20) >= 'a' && (type | 0x20) <= 'z';
    if (!is_letter || size < 4 || size > kMessageMax) return reader.fail();
    if (head.size() < size - 4) return emit.more();
    reader.skip(5);
    if (message(type, reader.sub(size - 4), emit)) return;
  }
}

}  // namespace

void postgresql(const Packet& packet, Reader& reader, Emit& emit) {
  if (is_server(packet, kPort)) {
    server(reader, emit);
  } else {
    client(reader, emit);
  }
}

}  // namespace tapwarden::protocols
