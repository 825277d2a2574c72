// SPDX-License-Identifier: Apache-2.0
#include "identify/suppliers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "core/text.hpp"
#include "identify/rule_files.hpp"
#include "yaml/yaml.hpp"

namespace tapwarden {

namespace {

constexpr std::array<std::string_view, 6> relations = {"subsidiary", "affiliate", "partner",
                                                       "component",  "rebrand",   "operator"};

/// Takes one character off the front of `name` and gives it as fold_name() wants it: empty for one
/// that is neither a letter nor a digit.
std::string_view take_folded(std::string_view& name, char& folded) {
  std::string_view rest = name;
  auto octet = [rest](size_t i) {
    return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0u;
  };
  unsigned ascii = octet(0);
  size_t size = 1;
  if (ascii >= 0x80) {
    while (size < 4 && (octet(size) & 0xc0) == 0x80) ++size;
    unsigned wide = octet(0) == 0xef ? (octet(1) << 6 & 0xfff) | (octet(2) & 0x3f) : 0;
    bool is_full_width = size == 3 && wide >= 0xf01 && wide <= 0xf5e;  // U+FF01 to U+FF5E
    bool is_punctuation = (octet(0) == 0xc2) ||                        // U+0080 to U+00BF
                          (octet(0) == 0xe2 && (octet(1) == 0x80 || octet(1) == 0x81)) ||
                          (octet(0) == 0xe3 && octet(1) == 0x80);
    name.remove_prefix(size);
    if (!is_full_width) return is_punctuation ? std::string_view{} : rest.substr(0, size);
    ascii = wide - 0xf01 + 0x21;
  } else {
    name.remove_prefix(size);
  }
  if (ascii >= 'A' && ascii <= 'Z') ascii += 'a' - 'A';
  if (!((ascii >= 'a' && ascii <= 'z') || (ascii >= '0' && ascii <= '9'))) return {};
  folded = static_cast<char>(ascii);
  return {&folded, 1};
}

bool is_id(std::string_view id) {
  return std::ranges::all_of(
      id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

/// A supplier as its file says it, with the places of what may yet clash with other files.
struct Draft {
  struct Name {
    std::string name;
    std::optional<size_t> member;
    yaml::Node node;
  };
  struct Number {
    uint32_t number = 0;
    std::optional<size_t> member;
    bool squatted = false;
    yaml::Node node;
  };
  struct Address {
    Mac mac;
    size_t member = 0;
    yaml::Node node;
  };
  Supplier supplier;
  std::filesystem::path file;
  std::vector<Address> addresses;
  std::vector<Name> names;
  std::vector<Number> numbers;
  std::vector<yaml::Node> former_owners;  // one for each of supplier.formerly
};

std::vector<std::string> read_names(const yaml::Node& list, std::optional<size_t> member,
                                    Draft& draft) {
  std::vector<std::string> names;
  if (!list) return names;
  for (const yaml::Node& node : list.list()) {
    std::optional<std::string> name = node.text();
    if (!name) continue;
    if (fold_name(*name).empty()) {
      node.complain("needs a letter or a digit");
      continue;
    }
    names.push_back(*name);
    draft.names.push_back({*name, member, node});
  }
  return names;
}

std::vector<uint32_t> read_numbers(const yaml::Node& list, std::optional<size_t> member,
                                   bool squatted, Draft& draft) {
  std::vector<uint32_t> numbers;
  if (!list) return numbers;
  for (const yaml::Node& node : list.list()) {
    std::optional<int64_t> number = node.integer(1, std::numeric_limits<uint32_t>::max());
    if (!number) continue;
    numbers.push_back(static_cast<uint32_t>(*number));
    draft.numbers.push_back({numbers.back(), member, squatted, node});
  }
  return numbers;
}

std::vector<Mac> read_addresses(const yaml::Node& list, size_t member, Draft& draft) {
  std::vector<Mac> addresses;
  if (!list) return addresses;
  for (const yaml::Node& node : list.list()) {
    std::optional<std::string> text = node.text();
    if (!text) continue;
    std::optional<Mac> mac = parse_mac(*text);
    if (!mac || mac->is_group()) {
      node.complain(in_quotes(*text) + " is not the MAC address of a device");
      continue;
    }
    addresses.push_back(*mac);
    draft.addresses.push_back({*mac, member, node});
  }
  return addresses;
}

void read_member(const yaml::Node& node, Draft& draft) {
  size_t index = draft.supplier.members.size();
  Member& member = draft.supplier.members.emplace_back();
  yaml::Map map(node);
  member.name = map.required("name").text().value_or("");
  if (std::optional<size_t> relation = map.required("relation").choice(relations))
    member.relation = static_cast<Relation>(*relation);
  if (yaml::Node from = map.optional("from")) member.from = from.date();
  if (yaml::Node until = map.optional("until")) member.until = until.date();
  member.registrants = read_names(map.optional("registrants"), index, draft);
  member.enterprise_numbers = read_numbers(map.optional("enterprise_numbers"), index, false, draft);
  member.addresses = read_addresses(map.optional("addresses"), index, draft);
  member.source = map.optional("source").text().value_or("");
  map.finish();
  if (member.from && member.until && *member.until < *member.from)
    node.complain("until is before from");
}

void read_former_owner(const yaml::Node& node, Draft& draft) {
  yaml::Map map(node);
  yaml::Node supplier = map.required("supplier");
  FormerOwner& owner = draft.supplier.formerly.emplace_back();
  draft.former_owners.push_back(supplier);
  owner.supplier = supplier.text().value_or("");
  if (yaml::Node until = map.optional("until")) owner.until = until.date();
  owner.source = map.optional("source").text().value_or("");
  map.finish();
}

void read_id(const yaml::Node& node, Draft& draft) {
  std::string expected = draft.file.stem().string();
  draft.supplier.id = node.text().value_or("");
  const std::string& id = draft.supplier.id;
  if (id.empty()) return;
  if (!is_id(id))
    node.complain(in_quotes(id) + " has other than lower case letters, digits and dashes");
  else if (id != expected)
    node.complain(
        fmt::format("{} is not the name of the file, {}", in_quotes(id), in_quotes(expected)));
}

std::optional<Draft> read_supplier(const std::filesystem::path& file, Diagnostics& diagnostics) {
  yaml::Node root = yaml::load(file, diagnostics);
  if (!root) return std::nullopt;
  Draft draft;
  draft.file = file;
  Supplier& supplier = draft.supplier;
  yaml::Map map(root);
  read_id(map.required("id"), draft);
  supplier.name = map.required("name").text().value_or("");
  yaml::Node country = map.required("country");
  supplier.country = country.text().value_or("");
  if (!supplier.country.empty() &&
      (supplier.country.size() != 2 ||
       !std::ranges::all_of(supplier.country, [](char c) { return c >= 'A' && c <= 'Z'; })))
    country.complain(in_quotes(supplier.country) + " is not two capital letters");
  if (yaml::Node sources = map.optional("sources")) supplier.sources = sources.texts();
  supplier.registrants = read_names(map.optional("registrants"), std::nullopt, draft);
  supplier.enterprise_numbers =
      read_numbers(map.optional("enterprise_numbers"), std::nullopt, false, draft);
  supplier.squatted_enterprise_numbers =
      read_numbers(map.optional("squatted_enterprise_numbers"), std::nullopt, true, draft);
  if (yaml::Node members = map.optional("members"))
    for (const yaml::Node& member : members.list()) read_member(member, draft);
  if (yaml::Node formerly = map.optional("formerly"))
    for (const yaml::Node& owner : formerly.list()) read_former_owner(owner, draft);
  map.finish();
  if (supplier.id.empty()) return std::nullopt;
  return draft;
}

}  // namespace

std::string_view to_string(Relation relation) { return relations[static_cast<size_t>(relation)]; }

std::string fold_name(std::string_view name) {
  std::string folded;
  bool gap = false;
  while (!name.empty()) {
    char letter = 0;
    std::string_view character = take_folded(name, letter);
    if (character.empty()) {
      gap = !folded.empty();
      continue;
    }
    if (gap) folded += ' ';
    gap = false;
    folded += character;
  }
  return folded;
}

/// Puts the drafts of all directories together and says where they clash.
class Suppliers::Loader {
 public:
  explicit Loader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void read(const std::filesystem::path& directory) {
    for (const std::filesystem::path& file : rule_files(directory, diagnostics_)) {
      std::optional<Draft> draft = read_supplier(file, diagnostics_);
      if (!draft) continue;
      auto [known, added] = drafts_.try_emplace(draft->supplier.id);
      if (!added && known->second.file.parent_path() == file.parent_path())
        diagnostics_.add(file.string(), 1, 1,
                         fmt::format("id: {} is that of {} too", in_quotes(draft->supplier.id),
                                     known->second.file.filename().string()));
      else
        known->second = std::move(*draft);
    }
  }

  Suppliers finish() {
    Suppliers suppliers;
    for (auto& [id, draft] : drafts_) suppliers.all_.push_back(std::move(draft.supplier));
    size_t index = 0;
    for (const auto& [id, draft] : drafts_) {
      check_former_owners(draft, suppliers);
      add_names(draft, index, suppliers);
      add_numbers(draft, index, suppliers);
      add_addresses(draft, index, suppliers);
      ++index;
    }
    return suppliers;
  }

 private:
  static std::string describe(const Holder& holder) {
    if (!holder.member) return holder.supplier->id;
    return fmt::format("{} ({})", holder.supplier->id, shown(holder.member->name));
  }

  static void check_former_owners(const Draft& draft, const Suppliers& suppliers) {
    for (const yaml::Node& node : draft.former_owners) {
      std::string id = node.text_or_empty().value_or("");
      if (!id.empty() && !suppliers.find(id)) node.complain(suppliers.unknown(id));
    }
  }

  static void add_names(const Draft& draft, size_t index, Suppliers& suppliers) {
    for (const Draft::Name& name : draft.names) {
      Place place{index, name.member.value_or(itself), false};
      auto [known, added] = suppliers.names_.try_emplace(fold_name(name.name), place);
      if (added || known->second == place) continue;
      name.node.complain(fmt::format("{} is a registrant of {} already", in_quotes(name.name),
                                     describe(suppliers.holder(known->second))));
    }
  }

  static void add_numbers(const Draft& draft, size_t index, Suppliers& suppliers) {
    for (const Draft::Number& number : draft.numbers) {
      Place place{index, number.member.value_or(itself), number.squatted};
      auto [known, added] = suppliers.numbers_.try_emplace(number.number, place);
      if (added || known->second == place) continue;
      number.node.complain(fmt::format("{} is a number of {} already", number.number,
                                       describe(suppliers.holder(known->second))));
    }
  }

  static void add_addresses(const Draft& draft, size_t index, Suppliers& suppliers) {
    for (const Draft::Address& address : draft.addresses) {
      Place place{index, address.member, false};
      auto [known, added] = suppliers.addresses_.try_emplace(address.mac, place);
      if (added || known->second == place) continue;
      address.node.complain(fmt::format("{} is an address of {} already", to_string(address.mac),
                                        describe(suppliers.holder(known->second))));
    }
  }

  Diagnostics& diagnostics_;
  std::map<std::string, Draft> drafts_;  // by id
};

Suppliers Suppliers::load(std::span<const std::filesystem::path> directories,
                          Diagnostics& diagnostics) {
  Loader loader(diagnostics);
  for (const std::filesystem::path& directory : directories) loader.read(directory);
  return loader.finish();
}

const Supplier* Suppliers::find(std::string_view id) const {
  auto found = std::ranges::lower_bound(all_, id, {}, &Supplier::id);
  return found != all_.end() && found->id == id ? &*found : nullptr;
}

std::string Suppliers::unknown(std::string_view id) const {
  std::vector<std::string_view> known;
  for (const Supplier& supplier : all_) known.push_back(supplier.id);
  std::string_view near = nearest(id, known);
  if (near.empty()) return in_quotes(id) + " is an unknown supplier";
  return fmt::format("{} is an unknown supplier, did you mean {}?", in_quotes(id), in_quotes(near));
}

Holder Suppliers::holder(const Place& place) const {
  const Supplier& supplier = all_[place.supplier];
  return {&supplier, place.member == itself ? nullptr : &supplier.members[place.member],
          place.squatted};
}

std::optional<Holder> Suppliers::of_registrant(std::string_view name) const {
  auto found = names_.find(fold_name(name));
  if (found == names_.end()) return std::nullopt;
  return holder(found->second);
}

std::optional<Holder> Suppliers::of_enterprise(uint32_t number) const {
  auto found = numbers_.find(number);
  if (found == numbers_.end()) return std::nullopt;
  return holder(found->second);
}

std::optional<Holder> Suppliers::of_address(const Mac& mac) const {
  auto found = addresses_.find(mac);
  if (found == addresses_.end()) return std::nullopt;
  return holder(found->second);
}

}  // namespace tapwarden
