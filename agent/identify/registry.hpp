// SPDX-License-Identifier: Apache-2.0
// The IEEE registry of MAC address blocks (MA-L, MA-M, MA-S and the older IAB): who registered the
// block that an address is of. The longest prefix wins, since the registry divides some of its own.
// Company ids (CID) are in there too: local addresses that begin with one are that company's.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "core/diagnostics.hpp"

namespace tapwarden {

/// A block of addresses. The texts are the registry's and live as long as it does.
struct Assignment {
  uint64_t prefix = 0;  ///< the leading `bits` bits, as a number
  unsigned bits = 0;    ///< 24, 28 or 36
  std::string_view registrant;
  std::string_view country;  ///< ISO 3166, empty where the registry has none
};

/// "00:e0:fc", "70:b3:d5:00:1/36".
std::string prefix_text(const Assignment& assignment);

/// Who gives out an address. The registry has the universal ones, and of the local ones those that
/// extend a company id (IEEE 802c, ELI: the first octet ends in a).
enum class Administration : uint8_t { universal, local, group };
Administration administration(const Mac& mac);

class Registry {
 public:
  /// Reads lines of prefix, registrant and country, below "# ieee-registry as-of YYYY-MM-DD".
  static Registry load(const std::filesystem::path& file, Diagnostics& diagnostics);

  /// Nothing for group addresses, for local ones without a company id, for unassigned ones, and for
  /// those in a block that the registry divided where this copy has no part that fits.
  std::optional<Assignment> lookup(const Mac& mac) const;
  /// The same for 6 to 12 hexadecimal digits with any separators, taken as the beginning of an
  /// address. Asks the registry whatever the U/L bit.
  std::optional<Assignment> lookup(std::string_view prefix) const;

  std::optional<std::chrono::year_month_day> as_of() const { return as_of_; }
  size_t size() const { return rows_[0].size() + rows_[1].size() + rows_[2].size(); }
  /// All blocks, the short prefixes first, for counting.
  std::vector<Assignment> assignments() const;

 private:
  static constexpr std::array<unsigned, 3> widths = {24, 28, 36};

  struct Row {
    uint64_t prefix = 0;
    uint32_t offset = 0;  // of the registrant in text_; the country follows behind a tab
    uint16_t size = 0;
    uint8_t country_size = 0;
    bool divided = false;
  };

  Assignment assignment(const Row& row, unsigned bits) const;
  /// `value` is the beginning of an address, `bits` long.
  std::optional<Assignment> longest(uint64_t value, unsigned bits) const;

  std::string text_;
  std::array<std::vector<Row>, 3> rows_;
  std::optional<std::chrono::year_month_day> as_of_;
};

}  // namespace tapwarden
