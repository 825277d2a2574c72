// SPDX-License-Identifier: Apache-2.0
// TLS and DTLS (RFC 5246, 6347, 8446), the handshake as far as it is in clear: which server a
// client asks for (RFC 6066, section 3) and what it would speak there (RFC 7301), and up to TLS 1.2
// the names in the server's own certificate. Nothing is decrypted or verified.
#include <array>
#include <cstring>

#include "dissect/certificate.hpp"
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum RecordType : uint8_t { kChangeCipherSpec = 20, kAlert = 21, kHandshake = 22 };
enum MessageType : uint8_t { kClientHello = 1, kServerHello = 2, kCertificate = 11, kDone = 14 };
enum AlertLevel : uint8_t { kWarning = 1 };
enum Extension : uint16_t { kServerName = 0, kAlpn = 16 };

constexpr uint8_t kDatagramMajor = 0xfe;
constexpr size_t kHandshakeMax = 16384;
constexpr unsigned kRecordsMax = 64;
constexpr unsigned kMessagesMax = 16;
constexpr unsigned kExtensionsMax = 64;
constexpr unsigned kNamesMax = 16;

/// What is in handshake records from the start of a stream, put together.
class Handshake {
 public:
  explicit Handshake(Reader& records) {
    for (unsigned left = kRecordsMax; left > 0 && append(records); --left) {
    }
  }
  Bytes octets() const { return Bytes(octets_).first(size_); }
  /// No more of it can come: a record of another kind follows, or what follows is no record.
  bool has_ended() const { return has_ended_; }

 private:
  /// False when there is nothing behind this record to read.
  bool append(Reader& records) {
    if (records.size() < 5) return false;
    Reader head = records;
    uint8_t type = head.u8();
    uint8_t major = head.u8();
    uint8_t minor = head.u8();
    size_t size = head.u16();
    // Before its hello a server may warn, of a name that it does not know for one (RFC 6066).
    if (type == kAlert && size == 2 && size_ == 0) {
      bool is_fatal = head.u8() != kWarning;
      head.skip(1);
      has_ended_ = is_fatal && head.ok();
      records = head;
      return head.ok() && !is_fatal;
    }
    bool is_handshake = type == kHandshake && major == 3 && minor <= 4 && size != 0;
    if (!is_handshake) {
      has_ended_ = true;
      return false;
    }
    records = head;
    Bytes part = records.take_up_to(size);
    bool is_whole = part.size() == size;
    part = part.first(std::min(part.size(), kHandshakeMax - size_));
    if (!part.empty()) std::memcpy(octets_.data() + size_, part.data(), part.size());
    size_ += part.size();
    has_ended_ = size_ == kHandshakeMax;
    return is_whole && !has_ended_;
  }

  std::array<uint8_t, kHandshakeMax> octets_;  // left as it is: only the first size_ are read
  size_t size_ = 0;
  bool has_ended_ = false;
};

void server_name(Reader list, Emit& emit) {
  list = list.sub(list.u16());
  for (unsigned left = kNamesMax; left > 0 && !list.empty(); --left) {
    bool is_host = list.u8() == 0;
    std::string_view name = list.text(list.u16());
    if (is_host) emit.text(Field::server_name, name);
  }
  if (!list.ok()) emit.malformed();
}

/// All that the client would speak, with commas between.
void alpn(Reader list, Emit& emit) {
  std::array<char, Observation::text_max> joined;
  size_t size = 0;
  list = list.sub(list.u16());
  for (unsigned left = kNamesMax; left > 0 && !list.empty(); --left) {
    std::string_view name = list.text(list.u8());
    if (!list.ok() || size + name.size() + 1 > joined.size()) break;
    if (size != 0) joined[size++] = ',';
    size += name.copy(joined.data() + size, name.size());
  }
  if (!list.ok()) return emit.malformed();
  emit.text(Field::alpn, std::string_view(joined.data(), size));
}

void client_hello(Reader& hello, bool is_datagram, Emit& emit) {
  hello.skip(2 + 32);                        // version, random
  hello.skip(hello.u8());                    // session
  if (is_datagram) hello.skip(hello.u8());   // cookie
  hello.skip(hello.u16());                   // cipher suites
  hello.skip(hello.u8());                    // compression
  if (!hello.ok() || hello.empty()) return;  // extensions came with RFC 3546
  size_t size = hello.u16();
  bool is_short = hello.size() < size;
  Reader extensions(hello.take_up_to(size));
  for (unsigned left = kExtensionsMax; left > 0 && !extensions.empty(); --left) {
    uint16_t type = extensions.u16();
    Reader body = extensions.sub(extensions.u16());
    if (!body.ok()) break;
    if (type == kServerName) server_name(body, emit);
    if (type == kAlpn) alpn(body, emit);
  }
  if (is_short || !extensions.ok()) hello.fail();
}

/// The first certificate is the server's own (RFC 5246, section 7.4.2), and the names stand at its
/// front: what is missing behind them does not matter. False when they are not there.
bool certificate(Reader& message, Emit& emit) {
  bool is_empty = message.u24() == 0;  // the chain
  if (message.ok() && is_empty) return true;
  size_t size = message.u24();
  if (!message.ok()) return false;
  bool is_whole = message.size() >= size;
  CertificateNames names;
  bool are_there = names.read(Reader(message.take_up_to(size)));
  if (!are_there && !is_whole) return false;
  if (!are_there) emit.malformed();
  emit.text(Field::certificate_subject, names.subject.view());
  emit.text(Field::certificate_issuer, names.issuer.view());
  return true;
}

/// Reads one message, as far as it is there; true when nothing behind it is wanted.
bool message(uint8_t type, Reader& body, bool is_whole, Emit& emit) {
  if (type == kCertificate) return certificate(body, emit);
  if (type != kClientHello) return type == kDone;
  client_hello(body, false, emit);
  return is_whole && body.ok();
}

void stream(Reader& reader, Emit& emit) {
  Handshake handshake(reader);
  Reader rest(handshake.octets());
  bool is_whole = true;
  for (unsigned left = kMessagesMax; left > 0 && is_whole && rest.size() >= 4; --left) {
    uint8_t type = rest.u8();
    // The middle of a session, which may be encrypted.
    if (left == kMessagesMax && type != kClientHello && type != kServerHello) return;
    size_t size = rest.u24();
    Reader body(rest.take_up_to(size));
    is_whole = body.size() == size;
    if (message(type, body, is_whole, emit)) return;
    if (is_whole && !body.ok()) return reader.fail();
  }
  if (!handshake.has_ended()) return emit.more();
  if (!is_whole) reader.fail();
}

/// A handshake message that is spread over several datagrams' records is not put together: what its
/// first part holds is read.
void datagram_message(Reader& record, Emit& emit) {
  uint8_t type = record.u8();
  size_t size = record.u24();
  record.skip(2);
  bool is_first = record.u24() == 0;
  Reader part = record.sub(record.u24());
  if (!record.ok() || !is_first) return;
  bool is_whole = part.size() == size;
  if (type == kClientHello && is_whole) client_hello(part, true, emit);
  if (type == kCertificate) certificate(part, emit);
  if (!part.ok() && is_whole) record.fail();
}

void datagram(Reader& reader, Emit& emit) {
  for (unsigned left = kRecordsMax; left > 0 && !reader.empty(); --left) {
    uint8_t type = reader.u8();
    bool is_datagram = reader.u8() == kDatagramMajor;
    reader.skip(1);
    bool is_clear = reader.u16() == 0;  // epoch
    reader.skip(6);
    Reader record = reader.sub(reader.u16());
    if (!reader.ok() || !is_datagram) return reader.fail();
    if (type != kHandshake || !is_clear) continue;
    for (unsigned messages = kMessagesMax; messages > 0 && !record.empty(); --messages) {
      datagram_message(record, emit);
    }
    if (!record.ok()) reader.fail();
  }
}

}  // namespace

void tls(const Packet&, Reader& reader, Emit& emit) {
  Bytes start = reader.peek(2);
  if (start.empty()) return emit.more();
  if (start[1] == kDatagramMajor) return datagram(reader, emit);
  stream(reader, emit);
}

}  // namespace tapwarden::protocols
