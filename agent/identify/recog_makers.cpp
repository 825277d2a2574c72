// SPDX-License-Identifier: Apache-2.0
#include "identify/recog_makers.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

#include "identify/rule_files.hpp"
#include "yaml/yaml.hpp"

namespace tapwarden {

namespace {

constexpr std::array<std::string_view, 3> aspects = {"platform", "brand", "component"};

bool read_maker(yaml::Map& map, const Suppliers& suppliers, RecogMaker& maker) {
  yaml::Node supplier = map.required("supplier");
  maker.supplier = supplier.text().value_or("");
  if (std::optional<size_t> aspect = map.optional("aspect").choice(aspects))
    maker.aspect = static_cast<Aspect>(*aspect);
  maker.makes_system = map.optional("makes_system").boolean().value_or(false);
  if (maker.supplier.empty()) return false;
  if (suppliers.find(maker.supplier)) return true;
  supplier.complain(suppliers.unknown(maker.supplier));
  return false;
}

}  // namespace

RecogMakers RecogMakers::load(std::span<const std::filesystem::path> files,
                              const Suppliers& suppliers, Diagnostics& diagnostics) {
  RecogMakers makers;
  for (const std::filesystem::path& file : files) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) continue;
    std::set<std::string> names;
    yaml::Map root(yaml::load(file, diagnostics));
    for (const yaml::Node& node : root.required("makers").list()) {
      yaml::Map map(node);
      RecogMaker maker;
      bool good = read_maker(map, suppliers, maker);
      for (const yaml::Node& name : map.required("names").list()) {
        std::string folded = fold_name(name.text().value_or(""));
        if (folded.empty()) continue;
        if (!names.insert(folded).second)
          name.complain(fmt::format("{} stands in this file already", in_quotes(folded)));
        else if (good)
          makers.makers_.insert_or_assign(folded, maker);
      }
      map.finish();
    }
    root.finish();
  }
  return makers;
}

const RecogMaker* RecogMakers::find(std::string_view name) const {
  auto found = makers_.find(fold_name(name));
  return found == makers_.end() ? nullptr : &found->second;
}

}  // namespace tapwarden
