// SPDX-License-Identifier: Apache-2.0
#include "core/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/text.hpp"

namespace tapwarden {

std::string Diagnostic::text() const {
  if (line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

void Diagnostics::add(std::string_view file, size_t line, size_t column, std::string message) {
  std::string target(3 * message.size(), '\0');  // what clean() puts for an octet has three at most
  target.resize(clean(message, target.data(), target.size()).size);
  all_.push_back({std::string(file), line, column, std::move(target)});
}

void Diagnostics::sort() {
  std::ranges::stable_sort(all_, {},
                           [](const Diagnostic& d) { return std::tie(d.file, d.line, d.column); });
}

}  // namespace tapwarden
