// SPDX-License-Identifier: Apache-2.0
// TLS and DTLS (RFC 5246, 6347, 8446), the handshake as far as it is in clear: what a client's
// hello says, and up to TLS 1.2 the names in the server's own certificate. Nothing is decrypted or
// verified.
#include <array>
#include <bitset>
#include <cstring>

#include "dissect/certificate.hpp"
#include "dissect/client_hello.hpp"
#include "dissect/digest.hpp"
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum RecordType : uint8_t { kChangeCipherSpec = 20, kAlert = 21, kHandshake = 22 };
enum MessageType : uint8_t { kClientHello = 1, kServerHello = 2, kCertificate = 11, kDone = 14 };
enum AlertLevel : uint8_t { kWarning = 1 };

constexpr uint8_t kDatagramMajor = 0xfe;
constexpr size_t kHandshakeMax = 16384;
constexpr size_t kDatagramMessageMax = 4096;  // of a certificate the server's own is at the front
constexpr unsigned kRecordsMax = 64;
constexpr unsigned kMessagesMax = 16;

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

/// The first certificate is the server's own (RFC 5246, section 7.4.2), and the names stand at its
/// front: they are told of one that is not whole too. False then.
bool certificate(Reader& message, Emit& emit) {
  bool is_empty = message.u24() == 0;  // the chain
  if (message.ok() && is_empty) return true;
  size_t size = message.u24();
  if (!message.ok()) return false;
  Bytes own = message.take_up_to(size);
  bool is_whole = own.size() == size;
  CertificateNames names;
  bool is_certificate = names.read(Reader(own));
  if (!is_whole && !names.are_there()) return false;
  if (is_whole && !is_certificate) emit.malformed();
  emit.text(Field::certificate_subject, names.subject.view());
  emit.text(Field::certificate_issuer, names.issuer.view());
  if (!is_whole) return false;
  for (std::string_view host : names.hosts()) emit.text(Field::certificate_host, host);
  if (is_certificate) emit.hex(Field::certificate_sha256, Sha256().add(own).digest());
  return true;
}

/// Reads one message, as far as it is there; true when nothing behind it is wanted.
bool message(uint8_t type, Reader& body, bool is_whole, Emit& emit) {
  if (type == kCertificate) return certificate(body, emit);
  if (type != kClientHello) return type == kDone;
  client_hello(body, Carrier::stream, emit);
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

/// One handshake message of DTLS, put together from its fragments (RFC 6347, section 4.2.3).
class FragmentedMessage {
 public:
  /// Takes a fragment, which may be of a message that has not been seen before.
  void add(uint8_t type, uint16_t number, size_t size, size_t offset, Bytes part) {
    bool is_same = is_used_ && number == number_ && type == type_ && size == size_;
    if (!is_same) {
      is_used_ = true;
      type_ = type;
      number_ = number;
      size_ = size;
      there_.reset();
    }
    for (size_t i = 0; i < part.size() && offset + i < octets_.size(); ++i) {
      octets_[offset + i] = part[i];
      there_.set(offset + i);
    }
  }
  uint8_t type() const { return type_; }
  bool is_used() const { return is_used_; }
  bool is_whole() const { return start().size() == size_; }
  /// As far as it is there without a gap.
  Bytes start() const {
    size_t size = 0;
    while (size < std::min(size_, octets_.size()) && there_.test(size)) ++size;
    return Bytes(octets_).first(size);
  }

 private:
  bool is_used_ = false;
  uint8_t type_ = 0;
  uint16_t number_ = 0;
  size_t size_ = 0;
  std::bitset<kDatagramMessageMax> there_;
  std::array<uint8_t, kDatagramMessageMax> octets_;  // only what is there_ means anything
};

/// True when the message was whole, or so much of it that nothing more is wanted.
bool message_of_datagrams(const FragmentedMessage& message, Reader& reader, Emit& emit) {
  Reader body(message.start());
  if (message.type() == kCertificate) return certificate(body, emit);
  if (message.type() != kClientHello || !message.is_whole()) return message.is_whole();
  client_hello(body, Carrier::datagram, emit);
  if (!body.ok()) reader.fail();
  return true;
}

void fragment(Reader& record, FragmentedMessage& message, Reader& reader, Emit& emit) {
  uint8_t type = record.u8();
  size_t size = record.u24();
  uint16_t number = record.u16();
  size_t offset = record.u24();
  Bytes part = record.take(record.u24());
  if (!record.ok()) return reader.fail();
  if (type != kClientHello && type != kCertificate) return;
  if (offset + part.size() > size) return reader.fail();
  message.add(type, number, size, offset, part);
  if (message_of_datagrams(message, reader, emit)) message = {};
}

void datagram(Reader& reader, Emit& emit) {
  FragmentedMessage message;
  for (unsigned left = kRecordsMax; left > 0 && !reader.empty(); --left) {
    uint8_t type = reader.u8();
    bool is_datagram = reader.u8() == kDatagramMajor;
    reader.skip(1);
    bool is_clear = reader.u16() == 0;  // epoch
    reader.skip(6);
    Reader record = reader.sub(reader.u16());
    if (!reader.ok() || !is_datagram) return reader.fail();
    if (type != kHandshake || !is_clear) continue;
    for (unsigned parts = kMessagesMax; parts > 0 && !record.empty() && reader.ok(); --parts) {
      fragment(record, message, reader, emit);
    }
    if (!reader.ok()) return;
  }
  if (message.is_used()) emit.next_datagram();
}

}  // namespace

void tls(const Packet&, Reader& reader, Emit& emit) {
  Bytes start = reader.peek(2);
  if (start.empty()) return emit.more();
  if (start[1] == kDatagramMajor) return datagram(reader, emit);
  stream(reader, emit);
}

}  // namespace tapwarden::protocols
