// SPDX-License-Identifier: Apache-2.0
// OPC UA's binary protocol (OPC 10000-6, clauses 5.2, 6.7, 7.1; services of OPC 10000-4) where
// messages are not enciphered: the server's description of itself in its endpoints, a client's of
// itself when it opens a session, and the build of a server that is asked for its state.
#include <optional>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr int kMessagesMax = 64;
constexpr int kListMax = 64;
constexpr int kDepthMax = 4;
constexpr uint32_t kMessageSizeMax = 1 << 24;

enum Service : uint32_t {  // identifiers of binary encodings
  kBuildInfo = 340,
  kFindServersAnswer = 425,
  kEndpointsAnswer = 431,
  kSessionRequest = 461,
  kSessionAnswer = 464,
  kReadAnswer = 634,
  kServerStatus = 864,
};

/// A length of -1 is no text, as opposed to an empty one.
Bytes octets(Reader& reader) {
  auto size = static_cast<int32_t>(reader.u32le());
  if (size < -1) reader.fail();
  return size > 0 ? reader.take(static_cast<size_t>(size)) : Bytes{};
}

/// How many elements an array has.
uint32_t count(Reader& reader) {
  auto elements = static_cast<int32_t>(reader.u32le());
  if (elements < -1 || elements > static_cast<int32_t>(reader.size())) reader.fail();
  return elements > 0 && reader.ok() ? static_cast<uint32_t>(elements) : 0;
}

/// The identifier where it is a number in the standard's namespace, else 0.
uint32_t node_id(Reader& reader) {
  uint8_t encoding = reader.u8();
  uint32_t id = 0;
  switch (encoding & 0x3f) {
    case 0:
      id = reader.u8();
      break;
    case 1: {
      bool is_standard = reader.u8() == 0;
      uint16_t number = reader.u16le();
      if (is_standard) id = number;
      break;
    }
    case 2: {
      bool is_standard = reader.u16le() == 0;
      uint32_t number = reader.u32le();
      if (is_standard) id = number;
      break;
    }
    case 3:
    case 5:
      reader.skip(2);
      octets(reader);
      break;
    case 4:
      reader.skip(2 + 16);
      break;
    default:
      reader.fail();
  }
  if ((encoding & 0x80) != 0) octets(reader);  // namespace
  if ((encoding & 0x40) != 0) reader.skip(4);  // server
  return reader.ok() ? id : 0;
}

void diagnostic(Reader& reader) {
  uint8_t mask = 0;
  int depth = 0;
  do {
    mask = reader.u8();
    for (int bit : {0x01, 0x02, 0x04, 0x08}) {
      if ((mask & bit) != 0) reader.skip(4);
    }
    if ((mask & 0x10) != 0) octets(reader);
    if ((mask & 0x20) != 0) reader.skip(4);
  } while ((mask & 0x40) != 0 && reader.ok() && ++depth < kDepthMax);
  if ((mask & 0x40) != 0) reader.fail();
}

void strings(Reader& reader) {
  uint32_t left = count(reader);
  for (; left > 0 && reader.ok(); --left) octets(reader);
}

struct Object {
  uint32_t type = 0;
  Reader body;
};

Object extension_object(Reader& reader) {
  Object object;
  object.type = node_id(reader);
  bool has_body = reader.u8() != 0;
  if (has_body) object.body = Reader(octets(reader));
  return object;
}

Bytes localized(Reader& reader) {
  uint8_t mask = reader.u8();
  if ((mask & 1) != 0) octets(reader);  // locale
  return (mask & 2) != 0 ? octets(reader) : Bytes{};
}

struct Application {
  Bytes uri;
  Bytes product;
  Bytes name;
};

Application application(Reader& reader) {
  Application described;
  described.uri = octets(reader);
  described.product = octets(reader);
  described.name = localized(reader);
  reader.skip(4);   // what it is
  octets(reader);   // gateway
  octets(reader);   // profile
  strings(reader);  // addresses
  return described;
}

void tell(const Application& described, Emit& emit) {
  emit.text(Field::application_uri, described.uri);
  emit.text(Field::product_uri, described.product);
  emit.text(Field::system_name, described.name);
}

/// Endpoints differ in their security; the server is in each the same.
void endpoints(Reader& reader, Emit& emit) {
  if (count(reader) == 0) return;
  Bytes url = octets(reader);
  Application described = application(reader);
  if (!reader.ok()) return;
  emit.text(Field::location_url, url);
  tell(described, emit);
}

/// Of several servers nothing says which one is speaking.
void servers(Reader& reader, Emit& emit) {
  bool is_alone = count(reader) == 1;
  Application described = application(reader);
  if (reader.ok() && is_alone) tell(described, emit);
}

void build_info(Reader& reader, Emit& emit) {
  Bytes product = octets(reader);
  Bytes manufacturer = octets(reader);
  Bytes name = octets(reader);
  Bytes version = octets(reader);
  if (!reader.ok()) return;
  emit.text(Field::product_uri, product);
  emit.text(Field::manufacturer, manufacturer);
  emit.text(Field::product_name, name);
  emit.text(Field::software_version, version);
}

/// Values up to the first that is no structure.
void read_answer(Reader& reader, Emit& emit) {
  constexpr uint8_t kStructure = 22;
  uint32_t left = count(reader);
  for (int i = 0; i < kListMax && left > 0 && reader.ok(); ++i, --left) {
    uint8_t mask = reader.u8();
    bool has_value = (mask & 1) != 0;
    if (!has_value || reader.u8() != kStructure) return;
    Object object = extension_object(reader);
    if (object.type == kServerStatus) object.body.skip(8 + 8 + 4);  // start, time, state
    if (object.type == kServerStatus || object.type == kBuildInfo) build_info(object.body, emit);
    for (auto [bit, size] : {std::pair{2, 4}, {4, 8}, {16, 2}, {8, 8}, {32, 2}}) {
      if ((mask & bit) != 0) reader.skip(static_cast<size_t>(size));  // status, times
    }
  }
}

void answer_head(Reader& reader) {
  reader.skip(8 + 4 + 4);  // time, request, result
  diagnostic(reader);
  strings(reader);
  extension_object(reader);
}

void session_request(Reader& reader, Emit& emit) {
  node_id(reader);         // token
  reader.skip(8 + 4 + 4);  // time, request, diagnostics
  octets(reader);          // audit
  reader.skip(4);          // patience
  extension_object(reader);
  Application described = application(reader);
  if (reader.ok()) tell(described, emit);
}

void session_answer(Reader& reader, Emit& emit) {
  node_id(reader);
  node_id(reader);
  reader.skip(8);  // patience
  octets(reader);  // nonce
  octets(reader);  // certificate
  endpoints(reader, emit);
}

/// True when it told who the sender is: nothing behind it tells more.
bool service(Reader& body, Emit& emit) {
  body.skip(4 + 4 + 4 + 4);  // channel, token, sequence, request
  uint32_t type = node_id(body);
  if (!body.ok()) return false;  // enciphered
  if (type == kSessionRequest) {
    session_request(body, emit);
    return true;
  }
  if (type != kFindServersAnswer && type != kEndpointsAnswer && type != kSessionAnswer &&
      type != kReadAnswer)
    return false;
  answer_head(body);
  if (type == kFindServersAnswer) servers(body, emit);
  if (type == kEndpointsAnswer) endpoints(body, emit);
  if (type == kSessionAnswer) session_answer(body, emit);
  if (type == kReadAnswer) read_answer(body, emit);
  return false;
}

bool is_known(std::string_view type) {
  for (std::string_view known : {"HEL", "ACK", "ERR", "OPN", "MSG", "CLO", "RHE"}) {
    if (type == known) return true;
  }
  return false;
}

/// The address that a client asks for is the server's.
void hello(const Packet& packet, Reader& body, Emit& emit) {
  body.skip(5 * 4);
  Bytes url = octets(body);
  if (!body.ok()) return;
  emit.about_target(packet);
  emit.text(Field::location_url, url);
  emit.begin(packet, Protocol::opcua);
}

}  // namespace

void opcua(const Packet& packet, Reader& reader, Emit& emit) {
  for (int i = 0; i < kMessagesMax; ++i) {
    if (reader.size() < 8) return emit.more();
    std::string_view type = reader.text(3);
    char chunk = static_cast<char>(reader.u8());
    uint32_t size = reader.u32le();
    // The middle of a session, or none of this protocol.
    if (!is_known(type) || size < 8 || size > kMessageSizeMax) return;
    if (reader.size() < size - 8) emit.more();
    Reader body(reader.take_up_to(size - 8));
    // Of a message in several chunks the first is read as far as it goes; the others are not.
    if (type == "HEL") hello(packet, body, emit);
    if (type == "MSG" && chunk != 'A' && service(body, emit)) return;
  }
}

}  // namespace tapwarden::protocols
