// SPDX-License-Identifier: Apache-2.0
// The other half of libfaketime, which sets the clock of one process but not that of its kernel,
// which stamps the frames: preloaded behind it, this shifts their stamps as far as the clock.
#include <dlfcn.h>
#include <pcap/pcap.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace {

struct Call {
  pcap_handler handler;
  u_char* user;
  bool is_nano;
};

constexpr long kSecond = 1'000'000'000;

void shifted(u_char* user, const pcap_pkthdr* header, const u_char* octets) {
  auto* call = reinterpret_cast<Call*>(user);
  timespec told{}, real{};
  clock_gettime(CLOCK_REALTIME, &told);
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &real);
  pcap_pkthdr moved = *header;
  long unit = call->is_nano ? 1 : 1000;
  long time = header->ts.tv_sec * kSecond + header->ts.tv_usec * unit +
              (told.tv_sec - real.tv_sec) * kSecond + (told.tv_nsec - real.tv_nsec);
  moved.ts.tv_sec = time / kSecond;
  moved.ts.tv_usec = time % kSecond / unit;
  call->handler(call->user, &moved, octets);
}

}  // namespace

extern "C" int pcap_dispatch(pcap_t* pcap, int count, pcap_handler handler, u_char* user) {
  static auto* real = reinterpret_cast<decltype(&pcap_dispatch)>(dlsym(RTLD_NEXT, "pcap_dispatch"));
  Call call{handler, user, pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO};
  return real(pcap, count, &shifted, reinterpret_cast<u_char*>(&call));
}
