// SPDX-License-Identifier: Apache-2.0
// Runs one dissector on one message and collects what it says, for the tests in tests/protocols.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/observation.hpp"
#include "decode/packet.hpp"

namespace tapwarden::test {

using Octets = std::vector<uint8_t>;

/// Octets from hexadecimal digits; blanks and line ends are passed over.
Octets hex(std::string_view digits);
Octets text(std::string_view text);
/// One after the other.
Octets operator+(Octets left, const Octets& right);

struct Said {
  Field field;
  std::string text;
  Mac mac;
  IpAddress ip;
  bool mac_is_own;
};

struct Dissected {
  std::vector<Said> said;
  bool malformed = false;
  bool wants_more = false;              ///< of a stream
  bool wants_datagram = false;          ///< the next of the same direction
  Protocol inner = Protocol::ethernet;  ///< what the message goes on with, which is read too

  /// All texts of that field, in order.
  std::vector<std::string> all(Field field) const;
  /// The only text of that field; empty when there is none, "(several)" when more than one.
  std::string one(Field field) const;
};

/// An IP packet from 00:00:5e:00:53:01, 192.0.2.1 to 00:00:5e:00:53:02, 192.0.2.2 with these ports.
Packet ip_packet(uint16_t source_port, uint16_t target_port);
/// A frame from 00:00:5e:00:53:01 that holds no IP.
Packet link_packet();

/// As dispatch does it, so also what the message goes on with.
Dissected dissect(Protocol protocol, const Packet& packet, const Octets& message);

/// Dissects every prefix of the message, each in a heap block of just its size so that a sanitizer
/// sees one octet too far, and checks that a prefix never says something that the whole does not
/// begin with in number.
void every_prefix(Protocol protocol, const Packet& packet, const Octets& message);

}  // namespace tapwarden::test
