// SPDX-License-Identifier: Apache-2.0
#include "capture/live.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <cstring>
#include <stdexcept>

namespace tapwarden {

namespace {

constexpr int kWaitMs = 100;

}  // namespace

struct LiveTap::State {
  pcap_t* pcap = nullptr;
  std::string interface;
  uint16_t tap = 0;
  int link_type = 0;
  uint64_t number = 0;
  bool nanoseconds = false;
  std::string error;
  pcap_stat seen{};  // at the last look
  uint64_t kernel_dropped = 0;
  LiveTap::Counters counters;
  const std::function<void(const Frame&)>* on_frame = nullptr;

  ~State() {
    if (pcap != nullptr) pcap_close(pcap);
  }
};

namespace {

[[noreturn]] void refuse(const TapSettings& settings, std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}", settings.interface, what));
}

std::string activation_error(pcap_t* pcap, int result) {
  switch (result) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return fmt::format("no such interface; there are {}", fmt::join(interfaces(), ", "));
    case PCAP_ERROR_PERM_DENIED:
      return "no permission to capture: run as root, or give the program cap_net_raw";
    case PCAP_ERROR_IFACE_NOT_UP:
      return "the interface is down";
    default:
      return pcap_geterr(pcap)[0] != '\0' ? pcap_geterr(pcap) : pcap_statustostr(result);
  }
}

void set_filter(pcap_t* pcap, const TapSettings& settings) {
  if (settings.filter.empty()) return;
  bpf_program program{};
  if (pcap_compile(pcap, &program, settings.filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    refuse(settings, fmt::format("filter \"{}\": {}", settings.filter, pcap_geterr(pcap)));
  }
  int result = pcap_setfilter(pcap, &program);
  pcap_freecode(&program);
  if (result != 0) refuse(settings, pcap_geterr(pcap));
}

}  // namespace

LiveTap::LiveTap(const TapSettings& settings, uint16_t tap) : state_(std::make_unique<State>()) {
  char message[PCAP_ERRBUF_SIZE] = {};
  state_->tap = tap;
  state_->interface = settings.interface;
  pcap_t* pcap = state_->pcap = pcap_create(settings.interface.c_str(), message);
  if (pcap == nullptr) refuse(settings, message);
  pcap_set_snaplen(pcap, settings.snaplen);
  pcap_set_promisc(pcap, settings.promiscuous ? 1 : 0);
  // Not by itself: libpcap then gives every frame a place of the greatest size, so that the default
  // ring holds 256 frames and a burst is lost.
  pcap_set_immediate_mode(pcap, settings.immediate ? 1 : 0);
  pcap_set_timeout(pcap, kWaitMs);
  pcap_set_buffer_size(pcap, static_cast<int>(settings.buffer_size));
  state_->nanoseconds = pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
  int result = pcap_activate(pcap);
  if (result < 0) refuse(settings, activation_error(pcap, result));
  if (pcap_setnonblock(pcap, 1, message) != 0) refuse(settings, message);
  set_filter(pcap, settings);
  // What came before the filter was there is none of ours.
  if (!settings.filter.empty()) pcap_stats(pcap, &state_->seen);
  state_->link_type = pcap_datalink(pcap);
}

LiveTap::~LiveTap() = default;
LiveTap::LiveTap(LiveTap&&) noexcept = default;

bool LiveTap::dispatch(const std::function<void(const Frame&)>& on_frame) {
  state_->on_frame = &on_frame;
  auto handle = [](u_char* user, const pcap_pkthdr* head, const u_char* bytes) {
    State& state = *reinterpret_cast<State*>(user);
    Frame frame;
    frame.bytes = {bytes, head->caplen};
    frame.wire_size = head->len;
    frame.link_type = state.link_type;
    frame.tap = state.tap;
    frame.source = state.tap;
    frame.number = ++state.number;
    std::chrono::nanoseconds fraction(head->ts.tv_usec * (state.nanoseconds ? 1 : 1000));
    frame.time = Timestamp(std::chrono::seconds(head->ts.tv_sec) + fraction);
    (*state.on_frame)(frame);
  };
  // libpcap's own wait does not end while nothing comes.
  pollfd wait{pcap_get_selectable_fd(state_->pcap), POLLIN, 0};
  ::poll(&wait, 1, kWaitMs);
  int count = pcap_dispatch(state_->pcap, 4096, handle, reinterpret_cast<u_char*>(state_.get()));
  if (count >= 0 || count == PCAP_ERROR_BREAK) return true;
  state_->error = pcap_geterr(state_->pcap);
  return false;
}

LiveTap::Link LiveTap::link() const {
  ifreq request{};
  std::strncpy(request.ifr_name, state_->interface.c_str(), sizeof request.ifr_name - 1);
  if (::ioctl(pcap_fileno(state_->pcap), SIOCGIFFLAGS, &request) != 0) return Link::unknown;
  if ((request.ifr_flags & IFF_UP) == 0) return Link::down;
  return (request.ifr_flags & IFF_RUNNING) == 0 ? Link::no_carrier : Link::up;
}

const std::string& LiveTap::error() const { return state_->error; }
void LiveTap::break_loop() { pcap_breakloop(state_->pcap); }

LiveTap::Counters LiveTap::counters() {
  pcap_stat now{};
  if (pcap_stats(state_->pcap, &now) == 0) {
    State& state = *state_;
    state.counters.received +=
        now.ps_recv - state.seen.ps_recv;  // modulo 2^32: right over the turn
    state.counters.dropped +=
        uint32_t{now.ps_drop - state.seen.ps_drop} + uint32_t{now.ps_ifdrop - state.seen.ps_ifdrop};
    state.kernel_dropped += uint32_t{now.ps_drop - state.seen.ps_drop};
    state.seen = now;
    uint64_t done = state.number + state.kernel_dropped;
    state.counters.waiting = state.counters.received > done ? state.counters.received - done : 0;
  }
  return state_->counters;
}

std::string filter_error(const std::string& filter, int snaplen) {
  pcap_t* pcap = pcap_open_dead(DLT_EN10MB, snaplen);
  bpf_program program{};
  std::string error;
  if (pcap_compile(pcap, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    error = pcap_geterr(pcap);
  } else {
    pcap_freecode(&program);
  }
  pcap_close(pcap);
  return error;
}

std::vector<std::string> interfaces() {
  std::vector<std::string> names;
  pcap_if_t* all = nullptr;
  char message[PCAP_ERRBUF_SIZE] = {};
  if (pcap_findalldevs(&all, message) != 0) return names;
  for (const pcap_if_t* one = all; one != nullptr; one = one->next) names.emplace_back(one->name);
  pcap_freealldevs(all);
  return names;
}

std::string link_type_name(int link_type) {
  const char* name = pcap_datalink_val_to_name(link_type);
  return name != nullptr ? name : fmt::format("link type {}", link_type);
}

}  // namespace tapwarden
