// SPDX-License-Identifier: Apache-2.0
// Writes each record that comes as a line in the named format, for tests/formats. A record that has
// no encoding gives a line that begins with "refused: ".
#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <string>

#include "deliver/format.hpp"

using namespace tapwarden;

int main(int argc, char** argv) {
  constexpr RecordFormat formats[] = {RecordFormat::json, RecordFormat::ecs, RecordFormat::ocsf,
                                      RecordFormat::cef, RecordFormat::leef};
  std::string_view name = argc == 2 ? argv[1] : "";
  auto format = std::ranges::find(formats, name, [](RecordFormat one) { return to_string(one); });
  if (format == std::end(formats)) {
    std::cerr << "usage: drive_formats json|ecs|ocsf|cef|leef <records\n";
    return 2;
  }
  Record record;
  record.id = "0123456789abcdef";
  record.time = Timestamp(std::chrono::seconds(1795462000));
  while (std::getline(std::cin, record.line)) {
    try {
      std::cout << encode(record, *format) << '\n';
    } catch (const std::invalid_argument& error) {
      std::cout << "refused: " << error.what() << '\n';
    }
  }
}
