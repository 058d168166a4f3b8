// Copies to shared memory in the background (cp.async). What is on its way is in nobody's memory: its place holds NaN,
// and the checker calls it unwritten, until the thread that began the copy has waited for it. So it shows when a kernel
// forgets to wait; and a copy's beginning is checked as a write, so it shows when others still read there.
#include "runtime.h"

#include <cstring>
#include <deque>

struct Copy {
    char* to;
    size_t bytes;
    char value[16];
};
// Of each thread: the groups that it has not waited for, oldest first, and the copies that are in no group yet.
struct Queue {
    std::deque<std::vector<Copy>> groups;
    std::vector<Copy> open;
};
static std::vector<Queue> queues;

void copies_enter_block() { queues.assign(fibres.size(), Queue()); }

extern "C" void emulated_begin_copy(void* to, const void* value, int bytes) {
    Copy copy{static_cast<char*>(to), static_cast<size_t>(bytes), {}};
    checker_copy(copy.to, copy.bytes, false, __builtin_return_address(0));
    memcpy(copy.value, value, copy.bytes);
    memset(copy.to, 0xff, copy.bytes);
    queues[emulated_thread->number].open.push_back(copy);
}

extern "C" void emulated_commit_copies() {
    Queue& queue = queues[emulated_thread->number];
    queue.groups.push_back(std::move(queue.open));
    queue.open.clear();
}

extern "C" void emulated_wait_for_copies(int newest) {
    auto& groups = queues[emulated_thread->number].groups;
    for (; groups.size() > static_cast<size_t>(newest); groups.pop_front())
        for (const Copy& copy : groups.front()) {
            checker_copy(copy.to, copy.bytes, true, __builtin_return_address(0));
            memcpy(copy.to, copy.value, copy.bytes);
        }
}
