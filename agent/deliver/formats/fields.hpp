// SPDX-License-Identifier: Apache-2.0
// Fields: what the encodings read of a record. Whatever its line holds, here it is of its type,
// bounded and well formed, or absent: no address that is none, no time that is none, no text that a
// receiver would cut or refuse.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deliver/record.hpp"

namespace tapwarden {

/// Octets of one text: Elasticsearch indexes no longer keyword, and most of ArcSight's fields take
/// no more. What is cut ends in an ellipsis.
inline constexpr size_t field_text_max = 1023;
/// Entries of one list, and ids of a digest.
inline constexpr size_t field_list_max = 64;
inline constexpr size_t field_ids_max = 1000;

using Count = std::pair<std::string, int64_t>;

struct EndpointFields {
  std::string ip;
  std::optional<int64_t> port;
};

struct ClaimFields {
  std::string aspect, value, supplier, protocol, field, text, capture, rule;
  std::optional<double> certainty;
  std::optional<int64_t> frame;
  std::optional<Timestamp> time;
  std::string community_id;  ///< of the flow that it was said in
  EndpointFields source, target;
};

struct DeviceFields {
  std::string id, role, mac_administration, registrant, brand, sold_as, model, software, serial;
  std::string supplier, grade;  ///< of the verdict
  std::optional<double> certainty;
  std::string location_switch, location_port;
  std::string tap, tunnel;
  std::optional<int64_t> tunnel_id;
  std::vector<int64_t> vlans;     ///< outermost first
  std::vector<std::string> macs;  ///< lower case, with colons
  std::vector<std::string> ips, names, policies;
  std::optional<Timestamp> first_seen, last_seen;
  std::optional<int64_t> packets;

  bool is_known() const { return !id.empty() || !macs.empty() || !ips.empty(); }
};

struct PolicyFields {
  std::string id, title, authority, kind, entry, scope, from, as_of, source;
};

struct AlertFields {
  std::string id, event, state, actor, reason;
  std::optional<Timestamp> first_raised, until;
  std::vector<std::string> changes;
  PolicyFields policy;
  std::vector<ClaimFields> evidence;
};

struct DigestFields {
  std::optional<Timestamp> from, to;
  std::optional<int64_t> held_back, alerts_omitted;
  std::vector<Count> policies;
  std::vector<std::string> alerts;  ///< ids
};

struct HealthFields {
  std::string component, name, status, message;
  bool is_ok() const { return status == "ok"; }
};

struct SummaryFields {
  std::vector<Count> counts;                                       ///< "packets", "devices" ...
  std::vector<std::pair<std::string, std::vector<Count>>> groups;  ///< "undecoded" ...
  std::optional<int64_t> count(std::string_view name) const;
};

/// Of the parts below `device` only that of the kind is filled; `device` also for an alert.
struct RecordFields {
  RecordKind kind = RecordKind::device;
  std::string id;  ///< of this event; empty where neither line nor record has one
  Timestamp time;
  std::string sensor, version;  ///< version: of the agent
  std::string severity;         ///< of alert, digest and health
  DeviceFields device;
  AlertFields alert;
  DigestFields digest;
  HealthFields health;
  SummaryFields summary;
};

/// Throws std::invalid_argument where `line` has no kind, or none that there is. What the line
/// lacks of id and time is the record's.
RecordFields read_fields(const boost::json::object& line, const Record& record);

/// Well-formed UTF-8: each octet that belongs to no character becomes U+FFFD.
std::string repaired(std::string_view text);
/// At most `bound` octets, whole characters; what was cut ends in an ellipsis.
std::string shortened(std::string_view text, size_t bound);
std::string joined(const std::vector<std::string>& texts, std::string_view between = ", ");

/// RFC 3339 with any offset; nothing where it is not that.
std::optional<Timestamp> parse_time(std::string_view text);
int64_t milliseconds(Timestamp time);

bool is_ipv4(const std::string& address);
/// The address to show where there is room for one: IPv4 if it has such. Empty where it has none.
std::string best_ip(const DeviceFields& device);

}  // namespace tapwarden
