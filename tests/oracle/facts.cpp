// SPDX-License-Identifier: Apache-2.0
// Prints every fact that the pipeline reads in a capture, one line each: frame, protocol, field,
// text, and "cut" where the bound took the text's end. It is the agent's own Worker with a hold of
// nothing, so that nothing is held back.
#include <fmt/format.h>

#include <stdexcept>

#include "capture/file.hpp"
#include "dissect/dispatch.hpp"
#include "pipeline/worker.hpp"

namespace tapwarden::oracle {

namespace {

void print(void*, const Observation& said) {
  if (said.field == Field::sighting) return;
  fmt::print("{}\t{}\t{}\t{}{}\n", said.frame, to_string(said.protocol), to_string(said.field),
             said.text.view(), said.text.cut() ? "\tcut" : "");
}

int run(const char* path) {
  Worker worker(all_protocols(), {1024, std::chrono::milliseconds(0)}, print, nullptr);
  CaptureFile capture(path);
  Frame frame;
  while (capture.next(frame)) worker(frame);
  worker.finish();
  return 0;
}

}  // namespace

}  // namespace tapwarden::oracle

int main(int count, char** values) {
  if (count != 2) {
    fmt::print(stderr, "usage: oracle_facts CAPTURE\n");
    return 2;
  }
  try {
    return tapwarden::oracle::run(values[1]);
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "oracle_facts: {}\n", error.what());
    return 1;
  }
}
