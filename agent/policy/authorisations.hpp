// SPDX-License-Identifier: Apache-2.0
// Authorisations: devices that may be there although a policy flags them, as the operator writes
// them down in a file that can be reviewed like code.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/time.hpp"
#include "inventory/device.hpp"
#include "policy/policy.hpp"

namespace tapwarden {

/// Of what is given all must be so; at least one of mac, serial, site and supplier is.
struct Authorisation {
  std::optional<Mac> mac;
  std::string serial;
  std::string site;  ///< name of the tap
  std::string supplier;
  std::vector<std::string> policies;  ///< ids; empty means any
  std::optional<Date> until;          ///< the last day; none: for good
  std::string by;
  std::string reason;

  bool operator==(const Authorisation&) const = default;
};

/// What an authorisation can be about.
struct Authorisable {
  const Policies& policies;
  std::span<const std::string> active;  ///< ids of those that are judged by; all when empty
  const Suppliers& suppliers;
  std::span<const std::string> sites;  ///< names of taps; not known yet when empty
};

class Authorisations {
 public:
  /// Files of a key `authorisations:` with a list. Every mistake goes into `diagnostics`, and what
  /// would never hold is one.
  static Authorisations load(std::span<const std::filesystem::path> files,
                             const Authorisable& known, Diagnostics& diagnostics);

  /// `site` is the name of the tap that the device is on.
  const Authorisation* find(const Device& device, std::string_view site, const Hit& hit,
                            Date day) const;
  std::span<const Authorisation> all() const { return all_; }
  /// How many hold no longer on that day.
  size_t over(Date day) const;

 private:
  std::vector<Authorisation> all_;
};

}  // namespace tapwarden
