// SPDX-License-Identifier: Apache-2.0
#include "identify/recog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/observation.hpp"
#include "identify/pattern.hpp"
#include "identify/recog_fields.hpp"
#include "identify/recog_file.hpp"
#include "identify/rule_files.hpp"

namespace tapwarden {

namespace {

/// Recog is a scanner's: its rows are many and its makers often those of the software, so one alone
/// wants a second witness.
constexpr double certainty_of_recog = 0.5;
/// A service that a device offers is not its system.
constexpr double certainty_of_service = 0.2;

constexpr size_t set_size = 128;

constexpr std::string_view parameters_used[] = {
    "hw.vendor",  "hw.product", "hw.model",     "hw.serial_number", "hw.certainty",   "os.vendor",
    "os.product", "os.version", "os.certainty", "service.product",  "service.version"};

/// RE2's letters for Recog's flags; nothing where one of them is unknown.
std::optional<std::string> letters(std::string_view flags) {
  std::set<char> found;
  while (!flags.empty()) {
    std::string_view flag = flags.substr(0, flags.find(','));
    flags.remove_prefix(std::min(flags.size(), flag.size() + 1));
    if (flag == "REG_ICASE")
      found.insert('i');
    else if (flag == "REG_DOT_NEWLINE" || flag == "REG_MULTILINE" || flag == "REG_LINE_ANY_CRLF")
      found.insert('s');
    else if (!flag.empty())
      return std::nullopt;
  }
  return std::string(found.begin(), found.end());
}

/// The pattern for RE2. Recog's own library lets ^ and $ match at every line; a text that is
/// observed has one line only, so that is asked for where an example is tried as it stands.
std::string for_re2(const RecogEntry& entry, bool by_line) {
  std::string flags = letters(entry.flags).value_or("") + (by_line ? "m" : "");
  return flags.empty() ? entry.pattern : "(?" + flags + ")" + entry.pattern;
}

std::string why_not(const RecogEntry& entry, const Pattern& pattern) {
  if (!letters(entry.flags)) return fmt::format("flags: {} is unknown", in_quotes(entry.flags));
  std::string error = pattern.error();
  return error.empty() ? error : fmt::format("pattern: {}", shown(error));
}

std::string_view name_in_braces(std::string_view text, size_t& at, size_t& size) {
  for (at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    size_t end = text.find_first_of("{} \t\r\n", at + 1);
    if (end == std::string_view::npos || text[end] != '}' || end == at + 1) continue;
    size = end + 1 - at;
    return text.substr(at + 1, size - 2);
  }
  return {};
}

/// What the groups of a match captured is a parameter's value, or what stands for it.
std::string raw_value(const RecogParameter* parameter, const Captures& captures) {
  if (!parameter) return {};
  if (parameter->group == 0) return parameter->value;
  return parameter->group < captures.size() ? std::string(captures[parameter->group])
                                            : std::string();
}

std::string value_of(const RecogEntry& entry, std::string_view name, const Captures& captures) {
  std::string value;
  const RecogParameter* parameter = entry.find(name);
  std::string raw = raw_value(parameter, captures);
  if (!parameter || parameter->group != 0) return raw;
  std::string_view rest = raw;
  size_t at = 0;
  size_t size = 0;
  while (true) {
    std::string_view other = name_in_braces(rest, at, size);
    if (other.empty()) break;
    value += rest.substr(0, at);
    std::string inner = raw_value(entry.find(other), captures);
    value += inner.empty() && name.ends_with(".cpe23") ? "-" : inner;
    rest.remove_prefix(at + size);
  }
  value += rest;
  return value;
}

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

/// An entry without what is not asked for while devices are watched.
RecogEntry lean(RecogEntry entry) {
  std::set<std::string, std::less<>> wanted(std::begin(parameters_used), std::end(parameters_used));
  for (const RecogParameter& parameter : entry.parameters) {
    if (!wanted.contains(parameter.name)) continue;
    size_t at = 0;
    size_t size = 0;
    std::string_view rest = parameter.value;
    for (auto name = name_in_braces(rest, at, size); !name.empty();
         name = name_in_braces(rest, at, size)) {
      wanted.emplace(name);
      rest.remove_prefix(at + size);
    }
  }
  std::erase_if(entry.parameters, [&](const auto& each) { return !wanted.contains(each.name); });
  for (RecogParameter& parameter : entry.parameters) parameter.value = shown(parameter.value);
  entry.parameters.shrink_to_fit();
  return {{}, {}, entry.certainty, std::move(entry.parameters), {}, {}};
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
  std::map<std::string, Group> groups;  // by what Recog calls the matched text
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
  Group& group = groups[read.matches];
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
      group.sets.emplace_back(members);
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
