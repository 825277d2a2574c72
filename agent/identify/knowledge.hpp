// SPDX-License-Identifier: Apache-2.0
// Everything that is known beforehand: the registries, the suppliers, the fingerprints and Recog's;
// and what it makes of an observation.
#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "core/diagnostics.hpp"
#include "core/observation.hpp"
#include "identify/claim.hpp"
#include "identify/enterprise.hpp"
#include "identify/fingerprints.hpp"
#include "identify/recog.hpp"
#include "identify/registry.hpp"
#include "identify/suppliers.hpp"

namespace tapwarden {

/// What Claim::rule says where no fingerprint spoke.
inline constexpr std::string_view rule_registry = "ieee-registry";
inline constexpr std::string_view rule_number = "enterprise-number";
inline constexpr std::string_view rule_own_word = "said-by-device";
inline constexpr std::string_view rule_address = "product-address";
inline constexpr std::string_view rule_system = "operating-system";

struct Knowledge {
  Registry registry;
  EnterpriseNumbers enterprise_numbers;
  Suppliers suppliers;
  Fingerprints fingerprints;
  Recog recog;  ///< asked where no fingerprint matches
  /// Firms are whose they were on this day; that of the load unless another is asked for.
  std::chrono::year_month_day as_of{};

  /// Reads suppliers/, fingerprints/ and registries/ of the rules directory, then what there is of
  /// them in each of the operator's: his supplier files replace ours, his fingerprints are asked
  /// first, and his copy of a registry is read in place of ours. `recog` is a directory of Recog's
  /// files, or empty.
  static Knowledge load(const std::filesystem::path& rules,
                        std::span<const std::filesystem::path> operators, Diagnostics& diagnostics,
                        const std::filesystem::path& recog = {});

  /// Appends what an observation says by itself. Whether the frame's own MAC is the device's is not
  /// asked here: see claims_of_mac().
  void identify(const Observation& observation, std::vector<Claim>& claims) const;

  /// Appends what the registry says of a MAC that the caller knows to be the device's own. Nothing
  /// for local and group addresses. Protocol, field, frame and time are the observation's.
  void claims_of_mac(const Mac& mac, const Observation& observation,
                     std::vector<Claim>& claims) const;

  /// The number that an "oid" or "enterprise" field holds.
  void claims_of_enterprise(uint32_t number, const Observation& observation,
                            std::vector<Claim>& claims) const;
};

}  // namespace tapwarden
