// SPDX-License-Identifier: Apache-2.0
// Emit: how a dissector says what it read. It fills one observation in place and hands it on;
// nothing allocates.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/observation.hpp"
#include "core/reader.hpp"
#include "decode/packet.hpp"

namespace tapwarden {

/// The packet's sender, with what the packet itself shows of whose MAC that is.
Host sender_of(const Packet& packet);

class Emit {
 public:
  using Sink = void (*)(void* owner, const Observation& observation);

  Emit(Sink sink, void* owner) : sink_(sink), owner_(owner) {}

  /// Dispatch calls this before each dissector: facts are about the packet's sender until host()
  /// says otherwise.
  void begin(const Packet& packet, Protocol protocol);

  /// The facts that follow are about this host, whose MAC came in its own words (DHCP chaddr, ARP,
  /// ND).
  void about(const Mac& mac, const IpAddress& ip);
  /// The facts that follow are about the packet's target, as for an SNMP request to an agent.
  void about_target(const Packet& packet);

  /// A text as it is on the wire. Empty after cleaning: nothing is said.
  void text(Field field, std::string_view text);
  void text(Field field, Bytes bytes) { text(field, as_text(bytes)); }
  /// UTF-16 little or big endian text (RFC 2781), at most 256 units.
  void utf16(Field field, Bytes bytes, bool little_endian);
  /// Octets as lower-case hexadecimal digits without separators, at most 255 octets.
  void hex(Field field, Bytes bytes);
  /// Octets that are usually text: as text if all are printable ASCII (trailing NULs ignored), else
  /// as hex().
  void text_or_hex(Field field, Bytes bytes);
  void mac(Field field, const Mac& mac);      ///< none, group: nothing is said
  void ip(Field field, const IpAddress& ip);  ///< none, unspecified, group: nothing is said
  void number(Field field, uint64_t value);
  /// An OUI as six hexadecimal digits.
  void oui(Field field, uint32_t value);
  /// BER contents octets of an OBJECT IDENTIFIER (X.690, 8.19) in dotted form; malformed ones count
  /// as malformed.
  void oid(Field field, Bytes contents);

  /// The message goes on behind what there is of it: a stream's next octets are wanted, if there
  /// are any. Not malformed.
  void more() { wants_more_ = true; }
  bool wants_more() const { return wants_more_; }
  /// The same for a message that spans datagrams: it is read again with the next of the same
  /// direction behind this one.
  void next_datagram() { wants_datagram_ = true; }
  bool wants_datagram() const { return wants_datagram_; }
  /// What is left in the reader is a message of that protocol, for its own dissector.
  void goes_on(Protocol protocol) { inner_ = protocol; }
  /// Protocol::ethernet where there is none.
  Protocol inner() const { return inner_; }
  /// While muted nothing is sent.
  void mute(bool muted) { muted_ = muted; }

  /// The message is not what it claims to be; what was emitted before stays.
  void malformed() { malformed_ = true; }
  bool is_malformed() const { return malformed_; }

 private:
  void send(Field field);

  Sink sink_;
  void* owner_;
  bool malformed_ = false;
  bool wants_more_ = false;
  bool wants_datagram_ = false;
  Protocol inner_ = Protocol::ethernet;
  bool muted_ = false;
  Observation observation_;
};

}  // namespace tapwarden
