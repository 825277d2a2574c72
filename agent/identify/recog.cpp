// SPDX-License-Identifier: Apache-2.0
#include "identify/recog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "core/observation.hpp"
#include "identify/pattern.hpp"
#include "identify/recog_fields.hpp"
#include "identify/recog_values.hpp"
#include "identify/rule_files.hpp"

namespace tapwarden {

namespace {

/// Recog is a scanner's: its rows are many and its makers often those of the software, so one alone
/// wants a second witness.
constexpr double certainty_of_recog = 0.5;
/// A service that a device offers is not its system.
constexpr double certainty_of_service = 0.2;

constexpr size_t set_size = 128;
constexpr size_t set_memory = 2 << 20;  // times eighty sets, all of Recog

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

double share(const std::string& text) {
  double value = 1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value >= 0 && value <= 1 ? value : 1;
}

std::string joined(std::string first, const std::string& second) {
  if (!first.empty() && !second.empty()) first += ' ' + second;
  return first;
}

/// A text as it is observed: cleaned and bounded, and of several lines each by itself.
std::vector<std::string> observed(std::string_view text, bool by_line) {
  std::vector<std::string> texts;
  while (!text.empty()) {
    std::string_view one = by_line ? text.substr(0, text.find_first_of("\r\n")) : text;
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    char cleaned[Observation::text_max];
    Cleaned result = clean(one, cleaned, sizeof cleaned);
    if (result.size > 0) texts.emplace_back(cleaned, result.size);
  }
  return texts;
}

}  // namespace

struct Recog::Compiled {
  struct Row {
    std::string rule;
    RecogEntry entry;
    Pattern pattern;
  };
  /// Rows in the order in which they are asked, and for each so many of them one set.
  struct Group {
    std::vector<Row> rows;
    std::vector<PatternSet> sets;
  };
  struct Use {
    const Group* group;
    RecogForm form;
  };

  std::vector<std::filesystem::path> files;
  RecogMakers makers;
  std::map<std::string, std::string, std::less<>> supplier_names;
  std::map<std::string_view, Group> groups;  // by what Recog calls the matched text
  std::map<std::pair<Protocol, Field>, Use> uses;
  Counts counts;
  Diagnostics left_out;

  void read(const std::filesystem::path& file, Diagnostics& diagnostics);
  void compile();
  std::vector<RecogClaim> claims(const RecogEntry& entry, const Captures& captures) const;
  void claim_maker(const RecogEntry& entry, const Captures& captures, double certainty,
                   std::vector<RecogClaim>& claims) const;
};

void Recog::Compiled::read(const std::filesystem::path& file, Diagnostics& diagnostics) {
  RecogFile read = read_recog_file(file, diagnostics);
  ++counts.files;
  std::vector<RecogField> fields = recog_fields(read.matches);
  if (fields.empty()) {
    counts.unread += read.entries.size();
    return;
  }
  Group& group = groups[fields.front().matches];
  for (RecogEntry& entry : read.entries) {
    Pattern pattern(for_re2(entry, false));
    const RulePlace& place = entry.place;
    if (std::string why = why_not(entry, pattern); !why.empty()) {
      ++counts.left_out;
      left_out.add(place.file, place.line, place.column, "left out: " + why);
      continue;
    }
    if (counts.rows == Fingerprints::rows_max) {
      diagnostics.add(place.file, place.line, place.column,
                      fmt::format("more than {} fingerprints", Fingerprints::rows_max));
      return;
    }
    ++counts.rows;
    std::string rule = fmt::format("recog:{}:{}", file.filename().string(), place.line);
    group.rows.push_back({std::move(rule), lean(std::move(entry)), std::move(pattern)});
  }
  for (const RecogField& field : fields)
    uses.try_emplace({field.protocol, field.field}, Use{&group, field.form});
}

void Recog::Compiled::compile() {
  for (auto& [matches, group] : groups) {
    for (size_t begin = 0; begin < group.rows.size(); begin += set_size) {
      std::vector<const Pattern*> members;
      for (size_t i = begin; i < std::min(begin + set_size, group.rows.size()); ++i)
        members.push_back(&group.rows[i].pattern);
      group.sets.emplace_back(members, set_memory);
    }
  }
}

void Recog::Compiled::claim_maker(const RecogEntry& entry, const Captures& captures,
                                  double certainty, std::vector<RecogClaim>& claims) const {
  std::string vendor = trimmed(value_of(entry, "hw.vendor", captures));
  const RecogMaker* maker = makers.find(vendor);
  if (vendor.empty()) {
    vendor = trimmed(value_of(entry, "os.vendor", captures));
    maker = makers.find(vendor);
    if (!maker || !maker->makes_system) return;
  }
  if (vendor == "Unknown") return;
  if (!maker) {
    claims.push_back({Aspect::brand, std::move(vendor), {}, certainty});
    return;
  }
  const auto& [id, name] = *supplier_names.find(maker->supplier);
  if (maker->aspect == Aspect::platform) claims.push_back({Aspect::platform, name, id, certainty});
  if (maker->aspect != Aspect::platform)
    claims.push_back({maker->aspect, std::move(vendor), id, certainty});
  else if (fold_name(vendor) != fold_name(name))
    claims.push_back({Aspect::brand, std::move(vendor), {}, certainty});
}

std::vector<RecogClaim> Recog::Compiled::claims(const RecogEntry& entry,
                                                const Captures& captures) const {
  std::vector<RecogClaim> claims;
  auto value = [&](std::string_view name) { return trimmed(value_of(entry, name, captures)); };
  double certainty = certainty_of_recog * entry.certainty;
  double of_device = certainty * share(value("hw.certainty"));
  auto add = [&](Aspect aspect, std::string text, double how_sure) {
    if (!text.empty()) claims.push_back({aspect, std::move(text), {}, how_sure});
  };
  claim_maker(entry, captures, of_device, claims);
  std::string product = value("hw.product");
  add(Aspect::model, product.empty() ? value("hw.model") : product, of_device);
  add(Aspect::serial, value("hw.serial_number"), of_device);
  add(Aspect::software, joined(value("os.product"), value("os.version")),
      certainty * share(value("os.certainty")));
  add(Aspect::software, joined(value("service.product"), value("service.version")),
      std::min(certainty, certainty_of_service));
  return claims;
}

Recog::Recog() : compiled_(std::make_unique<Compiled>()) {}
Recog::Recog(Recog&&) noexcept = default;
Recog& Recog::operator=(Recog&&) noexcept = default;
Recog::~Recog() = default;

Recog Recog::load(const std::filesystem::path& directory, RecogMakers makers,
                  const Suppliers& suppliers, Diagnostics& diagnostics) {
  Recog recog;
  Compiled& compiled = *recog.compiled_;
  if (directory.empty()) return recog;
  compiled.makers = std::move(makers);
  for (const Supplier& supplier : suppliers.all())
    compiled.supplier_names.emplace(supplier.id, supplier.name);
  std::error_code error;
  std::filesystem::path own = directory / "xml";
  const std::filesystem::path& chosen = std::filesystem::is_directory(own, error) ? own : directory;
  size_t before = diagnostics.all().size();
  compiled.files = rule_files(chosen, diagnostics, ".xml");
  if (compiled.files.empty() && diagnostics.all().size() == before)
    diagnostics.add(chosen.string(), 0, 0, "holds no file of Recog's: *.xml");
  for (const std::filesystem::path& file : compiled.files) compiled.read(file, diagnostics);
  compiled.compile();
  return recog;
}

std::optional<RecogMatch> Recog::match(Protocol protocol, Field field,
                                       std::string_view text) const {
  auto use = compiled_->uses.find({protocol, field});
  if (use == compiled_->uses.end()) return std::nullopt;
  const Compiled::Group& group = *use->second.group;
  std::string said = in_recog_form(use->second.form, text);
  for (size_t set = 0; set < group.sets.size(); ++set) {
    for (size_t candidate : group.sets[set].candidates(said)) {
      const Compiled::Row& row = group.rows[set * set_size + candidate];
      if (std::optional<Captures> captures = row.pattern.search(said))
        return RecogMatch{row.rule, compiled_->claims(row.entry, *captures)};
    }
  }
  return std::nullopt;
}

namespace {

void complain(const RulePlace& place, std::string_view message, Diagnostics& diagnostics) {
  diagnostics.add(place.file, place.line, place.column, fmt::format("{}: {}", place.path, message));
}

void try_example(const RecogEntry& entry, const RecogExample& example, const Pattern& pattern,
                 Diagnostics& diagnostics) {
  std::optional<Captures> captures = pattern.search(example.text);
  if (!captures) {
    complain(example.place, fmt::format("does not match the pattern of line {}", entry.place.line),
             diagnostics);
    return;
  }
  for (const auto& [name, wanted] : example.expected) {
    std::string found = value_of(entry, name, *captures);
    if (found != wanted)
      complain(example.place,
               fmt::format("{} is {}, expected {}", name, in_quotes(found), in_quotes(wanted)),
               diagnostics);
  }
}

bool is_within_reach(const RecogEntry& entry, const RecogField& field) {
  Pattern pattern(for_re2(entry, false));
  return entry.examples.empty() ||
         std::ranges::any_of(entry.examples, [&](const RecogExample& example) {
           return std::ranges::any_of(
               observed(example.text, field.by_line),
               [&](const std::string& text) { return pattern.search(text).has_value(); });
         });
}

}  // namespace

Recog::Trial Recog::try_examples(Diagnostics& diagnostics, Diagnostics& notes) const {
  Trial trial;
  for (const std::filesystem::path& file : compiled_->files) {
    Diagnostics told_at_load;
    RecogFile read = read_recog_file(file, told_at_load);
    std::vector<RecogField> fields = recog_fields(read.matches);
    if (fields.empty()) continue;
    for (const RecogEntry& entry : read.entries) {
      Pattern pattern(for_re2(entry, true));
      if (!why_not(entry, pattern).empty()) continue;
      for (const RecogExample& example : entry.examples)
        try_example(entry, example, pattern, diagnostics);
      trial.examples += entry.examples.size();
      if (is_within_reach(entry, fields.front())) continue;
      ++trial.out_of_reach;
      notes.add(
          entry.place.file, entry.place.line, entry.place.column,
          "matches none of its examples as Tapwarden observes them, cleaned and line by line");
    }
  }
  return trial;
}

const Recog::Counts& Recog::counts() const { return compiled_->counts; }
const Diagnostics& Recog::left_out() const { return compiled_->left_out; }

}  // namespace tapwarden
