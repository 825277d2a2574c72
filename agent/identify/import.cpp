// SPDX-License-Identifier: Apache-2.0
#include "identify/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <map>
#include <string>
#include <system_error>

#include "core/text.hpp"
#include "identify/csv.hpp"
#include "identify/enterprise.hpp"
#include "identify/rule_files.hpp"
#include "identify/table.hpp"

namespace tapwarden {

namespace {

constexpr size_t name_size_max = 1000;
constexpr std::array<std::string_view, 4> header = {"Registry", "Assignment", "Organization Name",
                                                    "Organization Address"};

struct Kind {
  std::string_view name;
  size_t digits;
};
constexpr std::array<Kind, 5> kinds = {
    {{"MA-L", 6}, {"MA-M", 7}, {"MA-S", 9}, {"IAB", 9}, {"CID", 6}}};

/// One line of text for a table: no control characters, no runs of blanks.
std::string one_line(std::string_view text) {
  std::string line(name_size_max, '\0');
  line.resize(clean(text, line.data(), line.size()).size);
  return line;
}

/// ISO 3166-1, so that the letters of a postcode (NL 1234 AB) are not taken for a country.
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN "
    "BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ "
    "DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL "
    "GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM "
    "JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME "
    "MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP "
    "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD "
    "SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO "
    "TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ";

/// The last token that is a country: an address ends in country and postcode.
std::string_view country_of(std::string_view address) {
  std::string_view country;
  while (!address.empty()) {
    size_t end = std::min(address.find_first_of(" ,\r\n\t"), address.size());
    std::string_view token = address.substr(0, end);
    if (token.size() == 2 && countries.find(token) != std::string_view::npos) country = token;
    address.remove_prefix(std::min(end + 1, address.size()));
  }
  return country;
}

/// Capital digits of the right number, or nothing.
std::string prefix_of(std::string_view assignment, size_t digits) {
  std::string prefix;
  for (char c : assignment) {
    char upper = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!((upper >= '0' && upper <= '9') || (upper >= 'A' && upper <= 'F'))) return {};
    prefix += upper;
  }
  return prefix.size() == digits ? prefix : std::string();
}

/// Writes beside the target, then takes its place in one step.
void replace(const std::filesystem::path& target, std::string_view text) {
  std::filesystem::path beside = target;
  beside += ".new";
  {
    std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.flush();
    if (!stream) {
      int error = errno;
      std::error_code ignored;
      std::filesystem::remove(beside, ignored);
      throw std::system_error(error, std::generic_category(), beside.string());
    }
  }
  std::filesystem::rename(beside, target);
}

/// Reads publications row by row and keeps count of what was wrong.
class Import {
 public:
  Import(const ImportOptions& options, Diagnostics& diagnostics)
      : options_(options), diagnostics_(diagnostics) {}

  void complain(const std::filesystem::path& file, size_t line, std::string message) {
    if (++complaints_ <= table_complaints_max)
      diagnostics_.add(file.string(), line, line == 0 ? 0 : 1, std::move(message));
  }
  bool gave_up() const { return complaints_ >= table_complaints_max; }

  void check_count(const std::filesystem::path& file, size_t count) {
    if (count >= ImportOptions::rows_min || options_.forced) return;
    complain(file, 0,
             fmt::format("{} rows, at least {} are wanted unless forced", count,
                         ImportOptions::rows_min));
  }

  /// Nothing when anything was complained of.
  std::optional<size_t> write(const std::filesystem::path& target, std::string_view head,
                              const std::map<std::string, std::string>& lines) const {
    if (complaints_ != 0) return std::nullopt;
    std::string text = fmt::format("# {}\n", head);
    for (const auto& [key, line] : lines) text += line;
    replace(target, text);
    return lines.size();
  }

 private:
  ImportOptions options_;
  Diagnostics& diagnostics_;
  size_t complaints_ = 0;
};

/// The line of one record, sorted by its prefix; empty and a complaint for a malformed one.
std::string ieee_line(const std::filesystem::path& file, const CsvReader& csv, std::string& prefix,
                      Import& import) {
  const std::vector<std::string>& cells = csv.cells();
  if (cells.size() != header.size()) {
    import.complain(file, csv.line(), fmt::format("{} cells, wanted are 4", cells.size()));
    return {};
  }
  auto kind = std::ranges::find(kinds, std::string_view(cells[0]), &Kind::name);
  if (kind == kinds.end()) {
    import.complain(
        file, csv.line(),
        fmt::format("Registry: {} is unknown, allowed are MA-L, MA-M, MA-S, IAB and CID",
                    in_quotes(cells[0])));
    return {};
  }
  prefix = prefix_of(cells[1], kind->digits);
  if (prefix.empty()) {
    import.complain(file, csv.line(),
                    fmt::format("Assignment: {} is not {} hexadecimal digits", in_quotes(cells[1]),
                                kind->digits));
    return {};
  }
  std::string registrant = one_line(cells[2]);
  if (registrant.empty()) {
    import.complain(file, csv.line(), "Organization Name: empty");
    return {};
  }
  return fmt::format("{}\t{}\t{}\n", prefix, registrant, country_of(cells[3]));
}

void read_ieee(const std::filesystem::path& file, std::map<std::string, std::string>& lines,
               Import& import, Diagnostics& diagnostics) {
  std::optional<std::string> text = read_whole(file, table_size_max, diagnostics);
  if (!text) return import.complain(file, 0, "nothing was imported");
  std::string_view octets = *text;
  if (octets.starts_with("\xef\xbb\xbf")) octets.remove_prefix(3);
  CsvReader csv(octets);
  if (!csv.next() || !std::ranges::equal(csv.cells(), header))
    return import.complain(
        file, 1,
        "the first line must be 'Registry,Assignment,Organization Name,Organization Address'");
  size_t count = 0;
  while (csv.next() && !import.gave_up()) {
    std::string prefix;
    std::string line = ieee_line(file, csv, prefix, import);
    if (line.empty()) continue;
    ++count;
    lines.try_emplace(std::move(prefix), std::move(line));  // a few stand there twice
  }
  if (!csv.error().empty()) import.complain(file, csv.line(), std::string(csv.error()));
  import.check_count(file, count);
}

/// IANA's text: a number at the margin, the organisation below it by two blanks, then contact and
/// address by more.
class EnterpriseText {
 public:
  EnterpriseText(const std::filesystem::path& file, Import& import)
      : file_(file), import_(import) {}

  void read(std::string_view text) {
    while (!text.empty() && !import_.gave_up()) {
      size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      ++line_;
      read_line(line);
    }
    end_row();
    import_.check_count(file_, lines_.size());
  }
  const std::map<std::string, std::string>& lines() const { return lines_; }
  std::optional<std::chrono::year_month_day> updated() const { return updated_; }

 private:
  void read_line(std::string_view line) {
    constexpr std::string_view updated = "(last updated ";
    if (line.empty() || line.front() == '|') return;
    if (line.front() >= '0' && line.front() <= '9') return begin_row(line);
    if (line.starts_with(updated) && lines_.empty())
      updated_ = parse_date(line.substr(updated.size(), 10));
    if (!number_ || !line.starts_with("  ") || line.starts_with("   ")) return;
    if (organisation_.empty()) organisation_ = one_line(line);
  }

  void begin_row(std::string_view line) {
    end_row();
    std::string_view digits = line.substr(0, line.find_last_not_of(' ') + 1);
    number_ = parse_enterprise(digits);
    row_line_ = line_;
    if (!number_)
      import_.complain(file_, line_, in_quotes(digits) + " is not a number up to 4294967295");
  }

  /// A number without an organisation is one that IANA has taken back.
  void end_row() {
    if (number_ && !organisation_.empty()) {
      auto [known, added] = lines_.try_emplace(fmt::format("{:010}", *number_),
                                               fmt::format("{}\t{}\n", *number_, organisation_));
      if (!added) import_.complain(file_, row_line_, fmt::format("{} stands twice", *number_));
    }
    number_.reset();
    organisation_.clear();
  }

  const std::filesystem::path& file_;
  Import& import_;
  std::map<std::string, std::string> lines_;
  std::optional<std::chrono::year_month_day> updated_;
  std::optional<uint32_t> number_;
  std::string organisation_;
  size_t line_ = 0;
  size_t row_line_ = 0;
};

}  // namespace

std::optional<size_t> import_ieee(std::span<const std::filesystem::path> files,
                                  const std::filesystem::path& target, const ImportOptions& options,
                                  Diagnostics& diagnostics) {
  Import import(options, diagnostics);
  std::map<std::string, std::string> lines;
  for (const std::filesystem::path& file : files) read_ieee(file, lines, import, diagnostics);
  return import.write(target, "ieee-registry as-of " + to_string(options.as_of), lines);
}

std::optional<size_t> import_enterprise_numbers(const std::filesystem::path& file,
                                                const std::filesystem::path& target,
                                                const ImportOptions& options,
                                                Diagnostics& diagnostics) {
  Import import(options, diagnostics);
  std::optional<std::string> text = read_whole(file, table_size_max, diagnostics);
  if (!text) return std::nullopt;
  EnterpriseText reader(file, import);
  reader.read(*text);
  std::string as_of = to_string(reader.updated().value_or(options.as_of));
  return import.write(target, "enterprise-numbers as-of " + as_of, reader.lines());
}

}  // namespace tapwarden
