// SPDX-License-Identifier: Apache-2.0
// A disk that takes its time: preloaded, this has fsync() and fdatasync() return SLOW_DISK_SECONDS
// later.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>

namespace {

int slowly(const char* name, int file) {
  auto real = reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, name));
  const char* seconds = std::getenv("SLOW_DISK_SECONDS");
  if (seconds != nullptr) ::sleep(static_cast<unsigned>(std::atoi(seconds)));
  return real(file);
}

}  // namespace

extern "C" int fsync(int file) { return slowly("fsync", file); }
extern "C" int fdatasync(int file) { return slowly("fdatasync", file); }
