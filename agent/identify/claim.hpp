// SPDX-License-Identifier: Apache-2.0
// Claim: what one observation says about a device's making, how sure that is, and why one may
// believe it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/flow.hpp"
#include "core/observation.hpp"
#include "core/protocol.hpp"
#include "core/time.hpp"

namespace tapwarden {

/// What a claim is about.
enum class Aspect : uint8_t {
  platform,   ///< who built the device: the only aspect that a verdict rests on
  brand,      ///< whose name it bears
  component,  ///< who made a part of it: network chip, module
  client,     ///< a client of somebody's cloud or software
  model,
  software,
  serial,
  role,      ///< what it is to the network
  identity,  ///< another host that proved to be the same device
  system,    ///< which operating system speaks: more than one where several share an address
  former,    ///< the supplier whose firm the maker was until a day that is over
};
std::string_view to_string(Aspect aspect);

/// How far a piece of evidence carries, alone.
enum class Certainty : uint8_t { low, medium, high };
/// low 0.2, medium 0.5, high 0.9: the one place where words become numbers.
double weight(Certainty certainty);
std::string_view to_string(Certainty certainty);

// What evidence carries when no fingerprint's author has said how much.
inline constexpr double certainty_of_mac = 0.8;       ///< the registrant of a device's own MAC
inline constexpr double certainty_of_number = 0.9;    ///< an enterprise number it answers with
inline constexpr double certainty_of_squat = 0.5;     ///< such a number, used without owning it
inline constexpr double certainty_of_oui = 0.2;       ///< an OUI that only marks a message's format
inline constexpr double certainty_of_own_word = 0.7;  ///< a model or version in its own words
inline constexpr double certainty_of_role = 0.9;      ///< what its traffic shows it to be
inline constexpr double certainty_of_system = 0.5;    ///< a hop limit or the name of a program

struct Claim {
  Aspect aspect = Aspect::platform;
  std::string value;     ///< the maker's, brand's or product's name, the version, the serial number
  std::string supplier;  ///< id of rules/suppliers, empty when none is named
  double certainty = 0;  ///< 0 to 1
  std::string
      rule;  ///< id of the fingerprint, or "ieee-registry", "enterprise-number", "said-by-device"

  // provenance
  Protocol protocol = Protocol::ethernet;
  Field field = Field::sighting;
  std::string text;     ///< as observed, cleaned; the MAC for a registry claim
  uint64_t frame = 0;   ///< in its capture, from 1
  uint32_t source = 0;  ///< which capture
  Flow flow;            ///< that it was said in; none where no single one was
  Timestamp time;
};

/// Sets where the claim comes from, but for its text.
void set_provenance(Claim& claim, const Observation& observation);

}  // namespace tapwarden
