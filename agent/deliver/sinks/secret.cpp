// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/secret.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace tapwarden {

namespace {

constexpr size_t kSizeMax = 16 << 10;  // a signed token with all its claims is shorter

[[noreturn]] void refuse(const std::filesystem::path& file, std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}", file.string(), what));
}

}  // namespace

void check_secret(const Secret& secret, std::string_view name) {
  if (!secret.text.empty() && !secret.file.empty())
    throw std::invalid_argument(fmt::format("{}: beside {}_file", name, name));
}

std::string read_secret(const Secret& secret) {
  if (secret.file.empty()) return secret.text;
  errno = 0;
  std::ifstream file(secret.file);
  std::string line(kSizeMax + 1, '\0');
  if (!file || !(file.read(line.data(), static_cast<std::streamsize>(line.size())) || file.eof()))
    refuse(secret.file, errno ? std::strerror(errno) : "cannot be read");
  line.resize(static_cast<size_t>(file.gcount()));
  line.resize(std::min(line.find_first_of("\r\n"), line.size()));
  if (line.empty()) refuse(secret.file, "its first line is empty");
  if (line.size() > kSizeMax) refuse(secret.file, "its first line has more than 16384 octets");
  return line;
}

}  // namespace tapwarden
