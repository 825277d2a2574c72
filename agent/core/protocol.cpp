// SPDX-License-Identifier: Apache-2.0
#include "core/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace tapwarden {

namespace {

using enum Field;
#define TAPWARDEN_ROUTES(...) std::to_array<Route>({__VA_ARGS__})
#define TAPWARDEN_FIELDS(...) std::to_array<Field>({__VA_ARGS__})
#define PROTOCOL(id, title, standard, routes, fields)   \
  constexpr auto id##_routes = TAPWARDEN_ROUTES routes; \
  constexpr auto id##_fields = TAPWARDEN_FIELDS fields;
#include "core/protocols.inc"
#undef PROTOCOL

constexpr auto ethernet_fields =
    std::to_array<Field>({Field::sighting, Field::eui64_mac, Field::next_hop, Field::hop_limit});

constexpr ProtocolRow protocols[] = {
    {Protocol::ethernet,
     "ethernet",
     "The frame's own addresses",
     "IEEE 802.3",
     {},
     ethernet_fields},
#define PROTOCOL(id, title, standard, routes, fields) \
  {Protocol::id, #id, title, standard, id##_routes, id##_fields},
#include "core/protocols.inc"
#undef PROTOCOL
};

constexpr FieldRow fields[] = {
#define FIELD(id, kind) {Field::id, #id, FieldKind::kind},
#include "core/fields.inc"
#undef FIELD
};

}  // namespace

std::span<const ProtocolRow> protocol_table() { return protocols; }
std::span<const FieldRow> field_table() { return fields; }

std::optional<Protocol> parse_protocol(std::string_view name) {
  auto found = std::ranges::find(protocols, name, &ProtocolRow::name);
  if (found == std::end(protocols)) return std::nullopt;
  return found->protocol;
}

std::optional<Field> parse_field(std::string_view name) {
  auto found = std::ranges::find(fields, name, &FieldRow::name);
  if (found == std::end(fields)) return std::nullopt;
  return found->field;
}

bool emits(Protocol protocol, Field field) {
  return std::ranges::find(row(protocol).fields, field) != row(protocol).fields.end();
}

std::string describe(const Route& route) {
  switch (route.by) {
    case Route::By::ethertype:
      return fmt::format("EtherType 0x{:04x}", route.low);
    case Route::By::snap:
      return fmt::format("SNAP {:06x}/{:04x}", route.oui, route.low);
    case Route::By::llc:
      return fmt::format("LLC 0x{:02x}", route.low);
    case Route::By::ip_protocol:
      return fmt::format("IP protocol {}", route.low);
    case Route::By::icmpv6:
      return fmt::format("ICMPv6 {}-{}", route.low, route.high);
    case Route::By::udp:
      return fmt::format("UDP {}", route.low);
    case Route::By::tcp:
      return fmt::format("TCP {}", route.low);
    case Route::By::sctp:
      return fmt::format("SCTP {}", route.low);
    case Route::By::sctp_payload:
      return fmt::format("SCTP payload {}", route.low);
    case Route::By::wifi_management:
      return fmt::format("802.11 management {}-{}", route.low, route.high);
    case Route::By::udp_starts:
    case Route::By::tcp_starts:
      break;
  }
  std::string text = route.by == Route::By::udp_starts ? "UDP starting \"" : "TCP starting \"";
  if (route.high != 0) text += fmt::format("[\\x{:02x}-\\x{:02x}]", route.low, route.high);
  for (char c : route.starts)
    text += c >= 0x20 && c < 0x7f ? std::string(1, c)
                                  : fmt::format("\\x{:02x}", static_cast<uint8_t>(c));
  return text + '"';
}

}  // namespace tapwarden
