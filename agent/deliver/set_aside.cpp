// SPDX-License-Identifier: Apache-2.0
#include "deliver/set_aside.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <string>

#include "core/text.hpp"
#include "deliver/open_file.hpp"

namespace tapwarden {

namespace {

namespace json = boost::json;

constexpr size_t kErrorMax = 1000;

/// As a JSON string, whatever it holds.
std::string json_text(std::string_view raw) {
  std::string text;
  while (!raw.empty()) {
    size_t good = utf8_prefix(raw);
    text += raw.substr(0, good);
    raw.remove_prefix(good);
    if (raw.empty()) break;
    text += "\xef\xbf\xbd";
    raw.remove_prefix(1);
  }
  return json::serialize(json::string(text));
}

/// The line itself where it is JSON: a parser's numbers would not come out as they went in.
std::string value_of(const std::string& line) {
  boost::system::error_code error;
  json::parse(line, error);
  bool is_one_line = line.find_first_of("\r\n") == std::string::npos;
  return !error && is_one_line && utf8_prefix(line) == line.size() ? line : json_text(line);
}

}  // namespace

bool keep_set_aside(const std::filesystem::path& directory, const Record& record,
                    std::string_view error) {
  std::array<char, kErrorMax> text;
  std::string_view reason(text.data(), clean(error, text.data(), text.size()).size);
  std::string line = "{\"set_aside\":\"" + to_rfc3339(wall_clock()) +
                     "\",\"error\":" + json_text(reason) + ",\"id\":" + json_text(record.id) +
                     ",\"key\":" + json_text(record.key) + ",\"record\":" + value_of(record.line) +
                     "}\n";
  std::filesystem::path path = directory / "set-aside.jsonl";
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 &&
      static_cast<size_t>(status.st_size) + line.size() > set_aside_max)
    std::rename(path.c_str(), (directory / "set-aside.old.jsonl").c_str());
  OpenFile file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
  if (!file) return false;
  off_t end = ::lseek(file.get(), 0, SEEK_END);
  bool is_whole =
      ::write(file.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
  return is_whole || (::ftruncate(file.get(), end) == 0 && is_whole);
}

}  // namespace tapwarden
