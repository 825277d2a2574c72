// SPDX-License-Identifier: Apache-2.0
// Suppliers with the firms that count as theirs: whose a registered name or an enterprise number
// is. Names are compared whole and folded, never as a part.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/address.hpp"
#include "core/diagnostics.hpp"

namespace tapwarden {

/// What a firm is to its supplier, and so what its name claims.
enum class Relation : uint8_t {
  subsidiary,  ///< the supplier's platform under the firm's brand
  affiliate,   ///< likewise
  partner,     ///< only the brand
  component,   ///< a part of the device
  rebrand,     ///< only the brand
  operator_,   ///< the brand, which is the supplier's: what others built for it
};
std::string_view to_string(Relation relation);

struct Member {
  std::string name;
  Relation relation = Relation::subsidiary;
  std::optional<std::chrono::year_month_day> from;
  std::optional<std::chrono::year_month_day> until;  ///< sold or wound up: the supplier's no more
  std::vector<std::string> registrants;
  std::vector<uint32_t> enterprise_numbers;
  std::vector<Mac> addresses;  ///< whole ones that every piece of a product bears or hands out
  std::string source;

  /// A day from the first on, and before the one on which it was sold.
  bool belongs_on(std::chrono::year_month_day day) const {
    return (!from || *from <= day) && !left_by(day);
  }
  bool left_by(std::chrono::year_month_day day) const { return until && *until <= day; }
};

/// A former owner, for the record: the supplier is judged as itself.
struct FormerOwner {
  std::string supplier;
  std::optional<std::chrono::year_month_day> until;
  std::string source;
};

struct Supplier {
  std::string id;
  std::string name;
  std::string country;
  std::vector<std::string> sources;
  std::vector<std::string> registrants;
  std::vector<uint32_t> enterprise_numbers;
  std::vector<uint32_t> squatted_enterprise_numbers;
  std::vector<Member> members;
  std::vector<FormerOwner> formerly;
};

/// Whose a name or number is: the supplier's own, or that of a member. Pointers into Suppliers.
struct Holder {
  const Supplier* supplier = nullptr;
  const Member* member = nullptr;
  bool squatted = false;  ///< a number that it uses without owning it
};

/// Lower case, each run of other than letters and digits one blank, none at the ends. Full-width
/// forms count as what they are wide forms of, general and CJK punctuation as no letters, and
/// everything else beyond ASCII as letters.
std::string fold_name(std::string_view name);

class Suppliers {
 public:
  /// Reads *.yaml of each directory. A file of a later directory replaces that of the same id.
  static Suppliers load(std::span<const std::filesystem::path> directories,
                        Diagnostics& diagnostics);

  const Supplier* find(std::string_view id) const;
  /// What to say of an id that is none.
  std::string unknown(std::string_view id) const;
  std::optional<Holder> of_registrant(std::string_view name) const;
  std::optional<Holder> of_enterprise(uint32_t number) const;
  std::optional<Holder> of_address(const Mac& mac) const;
  std::span<const Supplier> all() const { return all_; }  ///< by id

 private:
  class Loader;
  static constexpr size_t itself = static_cast<size_t>(-1);

  struct Place {  // in all_ and its members
    size_t supplier = 0;
    size_t member = itself;
    bool squatted = false;
    bool operator==(const Place&) const = default;
  };
  Holder holder(const Place& place) const;

  std::vector<Supplier> all_;
  std::unordered_map<std::string, Place> names_;
  std::unordered_map<uint32_t, Place> numbers_;
  std::map<Mac, Place> addresses_;
};

}  // namespace tapwarden
