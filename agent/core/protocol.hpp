// SPDX-License-Identifier: Apache-2.0
// The protocol table and the field table as values. The rows themselves are in protocols.inc and
// fields.inc.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tapwarden {

enum class Protocol : uint8_t {
  ethernet,  ///< the frame itself: what the pipeline says of a sender without any dissector
#define PROTOCOL(id, title, standard, routes, fields) id,
#include "core/protocols.inc"
#undef PROTOCOL
};

enum class Field : uint8_t {
#define FIELD(id, kind) id,
#include "core/fields.inc"
#undef FIELD
};

/// What a field's value is, and so what is known of it before any rule speaks.
enum class FieldKind : uint8_t {
  none,             ///< no value
  text,             ///< free text: only fingerprints can tell
  name,             ///< a name the device gives itself
  address,          ///< an IP address the device has
  mac,              ///< a further MAC address of the device: the IEEE registry knows the registrant
  oui,              ///< 24-bit organisation identifier, six hexadecimal digits
  oid,              ///< object identifier in dotted form: the enterprise number is in it (RFC 1155,
                    ///< section 3.1.4)
  enterprise,       ///< IANA private enterprise number in decimal
  brand,            ///< who made it, in the device's own words
  model,            ///< which product
  software,         ///< which version runs on it
  serial,           ///< serial number
  location_switch,  ///< the switch it hangs on, in the words of that switch
  location_port,    ///< the port of that switch
};

/// How frames reach a dissector. `low` to `high` are inclusive.
struct Route {
  enum class By : uint8_t {
    ethertype,
    snap,
    llc,
    ip_protocol,
    icmpv6,
    udp,
    tcp,
    udp_starts,
    tcp_starts,
    sctp,
    sctp_payload,
    wifi_management,
  };
  By by = By::ethertype;
  uint32_t low = 0;  ///< of a route by content: of the first octet, before `starts`
  uint32_t high = 0;
  uint32_t oui = 0;           ///< of a SNAP route
  std::string_view starts{};  ///< of a route by content
};

/// EtherType of Ethernet II, also behind SNAP with OUI 0 (RFC 1042).
constexpr Route ethertype(uint16_t value) { return {Route::By::ethertype, value, value}; }
/// SNAP with an organisation's own OUI and protocol number (IEEE 802-2014, section 9.2).
constexpr Route snap(uint32_t oui, uint16_t number) {
  return {Route::By::snap, number, number, oui};
}
/// 802.2 LLC by destination service access point.
constexpr Route llc(uint8_t sap) { return {Route::By::llc, sap, sap}; }
constexpr Route ip_protocol(uint8_t number) { return {Route::By::ip_protocol, number, number}; }
/// ICMPv6 types, both ends included.
constexpr Route icmpv6(uint8_t low, uint8_t high) { return {Route::By::icmpv6, low, high}; }
/// 802.11 management frames of these subtypes, both ends included.
constexpr Route wifi_management(uint8_t low, uint8_t high) {
  return {Route::By::wifi_management, low, high};
}
/// UDP with this number as either port.
constexpr Route udp(uint16_t port) { return {Route::By::udp, port, port}; }
/// TCP with this number as either port.
constexpr Route tcp(uint16_t port) { return {Route::By::tcp, port, port}; }
/// SCTP with this number as either port.
constexpr Route sctp(uint16_t port) { return {Route::By::sctp, port, port}; }
/// SCTP with this payload protocol identifier (IANA), on whatever port: it is asked before ports.
constexpr Route sctp_payload(uint8_t identifier) {
  return {Route::By::sctp_payload, identifier, identifier};
}
/// A UDP payload that begins so, on whatever port. Content is asked before ports.
template <size_t Size>
constexpr Route udp_starts(const char (&text)[Size]) {
  return {Route::By::udp_starts, 0, 0, 0, {text, Size - 1}};
}
/// A UDP payload whose first octet is from `low` to `high`, both included, and that goes on so.
template <size_t Size>
constexpr Route udp_goes_on(uint8_t low, uint8_t high, const char (&text)[Size]) {
  return {Route::By::udp_starts, low, high, 0, {text, Size - 1}};
}
/// A TCP payload that begins so, on whatever port.
template <size_t Size>
constexpr Route tcp_starts(const char (&text)[Size]) {
  return {Route::By::tcp_starts, 0, 0, 0, {text, Size - 1}};
}

struct ProtocolRow {
  Protocol protocol;
  std::string_view name;      ///< as in rules, counters and records
  std::string_view title;     ///< for people
  std::string_view standard;  ///< where the format is laid down
  std::span<const Route> routes;
  std::span<const Field> fields;
};

struct FieldRow {
  Field field;
  std::string_view name;
  FieldKind kind;
};

/// Row i is of Protocol{i}; row 0 is the frame itself, which has no route.
std::span<const ProtocolRow> protocol_table();
std::span<const FieldRow> field_table();

inline constexpr size_t protocols_count = 1
#define PROTOCOL(id, title, standard, routes, fields) +1
#include "core/protocols.inc"
#undef PROTOCOL
    ;

inline const ProtocolRow& row(Protocol protocol) {
  return protocol_table()[static_cast<size_t>(protocol)];
}
inline const FieldRow& row(Field field) { return field_table()[static_cast<size_t>(field)]; }
inline std::string_view to_string(Protocol protocol) { return row(protocol).name; }
inline std::string_view to_string(Field field) { return row(field).name; }

std::optional<Protocol> parse_protocol(std::string_view name);
std::optional<Field> parse_field(std::string_view name);
/// Whether that protocol's row lists the field.
bool emits(Protocol protocol, Field field);

/// A route as one reads it in a table: "UDP 67", "EtherType 0x88cc".
std::string describe(const Route& route);

}  // namespace tapwarden
