// The emulator's check mode. Kernels are compiled with -fsanitize=thread, which makes GCC call a function before each
// access to memory; the functions are ours. Every byte of a buffer or of shared memory has a shadow that knows its last
// write and read, so an access can be found to be
//   out of bounds     in no buffer, or over the end of one
//   misaligned        at an address that is no multiple of the access's size
//   uninitialised     a read of shared memory, or of an output, that nobody has written
//   a race            with another thread's access, no barrier between the two, one of them a write
#include "runtime.h"

#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <link.h>
#include <set>
#include <string>

// An access: by which thread (-1: none), in which block and epochs; `lanes` and `warps`: by others too, of its warp or
// of further ones, in the same epochs.
struct Access {
    int thread = -1, block = -1;
    uint32_t epoch = 0, warp_epoch = 0;
    bool atomic = false, lanes = false, warps = false;

    int warp() const { return thread >> 5; }
};
struct Shadow {
    Access write, read;
    bool written = false;
};

struct Range {
    char *begin, *end;
    std::string name;
    bool shared, initialised;
    std::vector<Shadow> shadows;
};

static std::vector<Range> buffers;  // the last one is the shared memory, where the kernel has some
static Range* last_found;
static char *code_begin, *code_end;
static std::set<std::pair<void*, char>> reported;

// --- what the launcher says -----------------------------------------------------------------------------------------

extern "C" void emulated_check(int on) {
    checking = on;
    buffers.clear();
    reported.clear();
    last_found = nullptr;
}

extern "C" void emulated_register(char* begin, size_t bytes, const char* name, int initialised) {
    buffers.push_back({begin, begin + bytes, name, false, initialised != 0, std::vector<Shadow>(bytes)});
}

// The part of the kernel's library that it may read: its constants, which lie before all that can be written.
static int find_module(dl_phdr_info* info, size_t, void* code) {
    char* base = reinterpret_cast<char*>(info->dlpi_addr);
    bool mine = false;
    char* writable = nullptr;
    for (int number = 0; number < info->dlpi_phnum; ++number) {
        const auto& part = info->dlpi_phdr[number];
        if (part.p_type != PT_LOAD) continue;
        char* begin = base + part.p_vaddr;
        mine |= code >= begin && code < begin + part.p_memsz;
        if (part.p_flags & PF_W && !writable) writable = begin;
    }
    if (!mine) return 0;
    code_begin = base;
    code_end = writable;
    return 1;
}

void checker_enter_launch(char* shared, char* shared_end, void* code) {
    if (!checking) return;
    dl_iterate_phdr(find_module, code);
    if (shared_end > shared) {
        const size_t bytes = shared_end - shared;
        buffers.push_back({shared, shared_end, "shared memory", true, false, std::vector<Shadow>(bytes)});
    }
    last_found = nullptr;
}

void checker_enter_block() {
    if (!checking) return;
    for (Range& range : buffers)
        if (range.shared) range.shadows.assign(range.shadows.size(), Shadow());
}

// --- accesses -------------------------------------------------------------------------------------------------------

static Range* find(char* place) {
    if (last_found && place >= last_found->begin && place < last_found->end) return last_found;
    for (Range& range : buffers)
        if (place >= range.begin && place < range.end) return last_found = &range;
    return nullptr;
}

template <class T> static bool lies_in(const char* place, T* begin, T* end) {
    return place >= reinterpret_cast<const char*>(begin) && place < reinterpret_cast<const char*>(end);
}

// The fibres' stacks, their indices, and the kernel's constants.
static bool is_private(char* place) {
    return lies_in(place, stacks, stacks_end) || lies_in(place, fibres.data(), fibres.data() + fibres.size()) ||
           lies_in(place, &emulated_thread, &emulated_thread + 1) || lies_in(place, code_begin, code_end);
}

static std::string position(void* code) {
    Dl_info info;
    char text[512];
    if (!dladdr(code, &info)) return "?";
    snprintf(text, sizeof text, "%s+0x%zx", info.dli_fname, static_cast<size_t>(static_cast<char*>(code) - static_cast<char*>(info.dli_fbase)) - 1);
    return text;
}

// Whether this is the first fault of its kind at this place of the code.
static bool is_new(void* code, char kind) { return reported.insert({code, kind}).second; }

static bool unordered(const Access& before, const Access& now, bool shared) {
    if (before.thread < 0 || (before.atomic && now.atomic)) return false;
    if (before.block != now.block) return !shared;
    if (before.epoch != now.epoch) return false;
    if (before.warps || before.warp() != now.warp()) return true;
    return before.warp_epoch == now.warp_epoch && (before.lanes || before.thread != now.thread);
}

// The last read, now that another one is added: who reads in the same epochs is not forgotten.
static Access joined(const Access& before, Access now) {
    if (before.thread < 0 || before.block != now.block || before.epoch != now.epoch) return now;
    now.warps = before.warps || before.warp() != now.warp();
    if (before.warp_epoch == now.warp_epoch) now.lanes = before.lanes || before.thread != now.thread;
    return now;
}

static void check_byte(Range& range, char* place, const Access& now, bool write, void* code) {
    Shadow& shadow = range.shadows[place - range.begin];
    const long at = place - range.begin;
    if (!write && !shadow.written && !range.initialised && is_new(code, 'u'))
        report("uninitialised|read of byte %ld of %s, which nobody has written (thread %d of block %d)|%s", at, range.name.c_str(), now.thread, now.block, position(code).c_str());
    const bool after_write = unordered(shadow.write, now, range.shared);
    const bool after_read = write && unordered(shadow.read, now, range.shared);
    if ((after_write || after_read) && is_new(code, 'r'))
        report("race|%s of byte %ld of %s by thread %d of block %d, with no barrier since it was %s by thread %d|%s", write ? "write" : "read", at, range.name.c_str(), now.thread, now.block,
               after_write ? "written" : "read", after_write ? shadow.write.thread : shadow.read.thread, position(code).c_str());
    if (write) {
        shadow.write = now;
        shadow.written = true;
        return;
    }
    shadow.read = joined(shadow.read, now);
}

static void check_access(void* address, size_t bytes, bool write, void* code, bool atomic = false) {
    if (!checking || !emulated_thread) return;
    char* place = static_cast<char*>(address);
    const Fibre& fibre = *emulated_thread;
    Range* range = find(place);
    if (!range && is_private(place)) return;
    const char* what = write ? "write" : "read";
    if (!range || place + bytes > range->end) {
        const std::string where = range ? "over the end of " + range->name : "outside of every buffer";
        if (is_new(code, 'b')) report("out of bounds|%s of %zu bytes %s (thread %d of block %d)|%s", what, bytes, where.c_str(), fibre.number, running.number, position(code).c_str());
        stop_block();
    }
    const Access now{fibre.number, running.number, running.epoch, running.warp_epochs[fibre.warp()], atomic};
    for (size_t byte = 0; byte < bytes; ++byte) check_byte(*range, place + byte, now, write, code);
}

void checker_copy(char* place, size_t bytes, bool arrived, void* code) {
    if (!checking) return;
    check_access(place, bytes, true, code);
    Range* range = find(place);
    if (!range || arrived) return;
    for (size_t byte = 0; byte < bytes; ++byte) range->shadows[place + byte - range->begin].written = false;
}

// --- what the compiler calls ----------------------------------------------------------------------------------------

extern "C" {
void emulated_aligned(const void* place, int bytes) {
    void* code = __builtin_return_address(0);
    if (checking && reinterpret_cast<uintptr_t>(place) % bytes && is_new(code, 'a'))
        report("misaligned|access to %d bytes at %p, which is no multiple of that|%s", bytes, place, position(code).c_str());
}
void emulated_atomic(void* place, int bytes) { check_access(place, bytes, true, __builtin_return_address(0), true); }

#define HOOK(name, bytes, write) \
    void __tsan_##name(void* place) { check_access(place, bytes, write, __builtin_return_address(0)); }
#define HOOKS(bytes)                          \
    HOOK(read##bytes, bytes, false)           \
    HOOK(write##bytes, bytes, true)           \
    HOOK(unaligned_read##bytes, bytes, false) \
    HOOK(unaligned_write##bytes, bytes, true)
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)
void __tsan_read_range(void* place, size_t bytes) { check_access(place, bytes, false, __builtin_return_address(0)); }
void __tsan_write_range(void* place, size_t bytes) { check_access(place, bytes, true, __builtin_return_address(0)); }
// What -fsanitize=alignment and bounds-strict call: for a pointer that is not aligned as its type says (the compiler may
// take a vector apart before it calls the hooks above, so they cannot tell), and for an index beyond an array.
struct SourcePlace {
    const char* file;
    uint32_t line, column;
};
void __ubsan_handle_type_mismatch_v1(SourcePlace* place, void* pointer) {
    if (checking && is_new(place, 'a')) report("misaligned|access to %p, which is not aligned as its type asks|line %u", pointer, place->line);
}
void __ubsan_handle_out_of_bounds(SourcePlace* place, uintptr_t index) {
    if (!checking || !emulated_thread) return;
    if (is_new(place, 'b')) report("out of bounds|index %ld of an array that ends before (thread %d of block %d)|line %u", static_cast<long>(index), emulated_thread->number, running.number, place->line);
    stop_block();
}
void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
}
