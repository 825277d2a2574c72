// SPDX-License-Identifier: Apache-2.0
// Policies: which law, list or decision names which supplier, since when and until when, as read
// from rules/policies and the operator's own directories.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/severity.hpp"
#include "identify/suppliers.hpp"
#include "inventory/device.hpp"

namespace tapwarden {

using Date = std::chrono::year_month_day;

enum class PolicyKind : uint8_t {
  use_ban,
  authorisation,
  procurement,
  export_control,
  investment,
  guidance,
  proposal
};
std::string_view to_string(PolicyKind kind);

struct PolicyEntry {
  std::string supplier;
  std::string scope;
  Severity severity = Severity::medium;
  std::optional<Date> from;    ///< first day in force
  std::optional<Date> until;   ///< last day in force
  std::optional<Grade> grade;  ///< alerts from this grade on, whatever the settings say
  std::vector<Aspect> aspects{Aspect::platform};  ///< what of a device must be the supplier's
  std::string source;

  bool in_force(Date day) const { return (!from || *from <= day) && (!until || day <= *until); }
};

struct Policy {
  std::string id;
  std::string title;
  std::string authority;
  std::string country;
  PolicyKind kind = PolicyKind::use_ban;
  std::string source;
  Date as_of{};  ///< the day up to which the file was checked
  std::vector<PolicyEntry> entries;
};

/// A policy's entry that names a device's supplier.
struct Hit {
  const Policy* policy;
  const PolicyEntry* entry;
  Aspect aspect = Aspect::platform;  ///< what of the device is that supplier's
};

class Policies {
 public:
  /// Reads every *.yaml of the directories in order; a later file with the same id replaces an
  /// earlier one. Every mistake goes into `diagnostics`, an entry for a supplier that is not among
  /// `suppliers` too.
  static Policies load(std::span<const std::filesystem::path> directories,
                       const Suppliers& suppliers, Diagnostics& diagnostics);

  const std::vector<Policy>& all() const { return all_; }
  const Policy* find(std::string_view id) const;
  /// What to say of an id that is none.
  std::string unknown(std::string_view id) const;
  /// Entries of the policies named in `active` (all when empty) that name this supplier and are in
  /// force that day.
  std::vector<Hit> hits(std::string_view supplier, std::span<const std::string> active,
                        Date day) const;

 private:
  std::vector<Policy> all_;
};

}  // namespace tapwarden
