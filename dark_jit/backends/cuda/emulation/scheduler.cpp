// The emulator's scheduler: runs the blocks of a grid one after another, the threads of a block as fibres.
//
// A fibre runs until it finishes or has to wait: at a barrier of the block (__syncthreads) or for the lanes of its warp
// (shuffles, votes, __syncwarp). Then the next one runs, in an order that the caller chooses: the results of a correct
// kernel do not depend on it. Where nobody can run any more, the block has a deadlock.
#include "runtime.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <sys/mman.h>
#include <ucontext.h>

static const size_t STACK = 64 * 1024;
static const int WARP = 32, MOST_THREADS = 1024, SLOT = 16;

Block running;
bool checking;
char *stacks, *stacks_end;
std::vector<Fibre> fibres;
extern "C" { Fibre* emulated_thread; }

static std::string errors;
static int error_count;
static bool stopped;
static void (*kernel_body)(void**);
static void** kernel_arguments;

void report(const char* format, ...) {
    if (error_count++ >= 20) return;
    char line[512];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    errors += line;
    errors += '\n';
}

// --- fibres ---------------------------------------------------------------------------------------------------------

static void run_fibre();

#if defined(__x86_64__)
// Save the callee-saved registers on this stack, and go on where another one was left.
extern "C" void switch_stacks(void** from, void* to);
asm(R"(
.text
.globl switch_stacks
.hidden switch_stacks
.type switch_stacks,@function
switch_stacks:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");
static void* scheduler_stack;

static void prepare(Fibre& fibre) {
    auto* top = reinterpret_cast<uint64_t*>(fibre.stack + STACK - 64);
    *--top = 0;  // where run_fibre would return to; it keeps the stack aligned as after a call
    *--top = reinterpret_cast<uint64_t>(run_fibre);
    for (int saved = 0; saved < 6; ++saved) *--top = 0;
    fibre.stack_pointer = top;
}
static void resume(Fibre& fibre) {
    emulated_thread = &fibre;
    switch_stacks(&scheduler_stack, fibre.stack_pointer);
}
static void suspend() { switch_stacks(&emulated_thread->stack_pointer, scheduler_stack); }
#else
static ucontext_t scheduler_context;
static std::vector<ucontext_t> contexts;

static void prepare(Fibre& fibre) {
    contexts.resize(fibres.size());
    ucontext_t& context = contexts[fibre.number];
    getcontext(&context);
    context.uc_stack.ss_sp = fibre.stack;
    context.uc_stack.ss_size = STACK;
    context.uc_link = nullptr;
    makecontext(&context, run_fibre, 0);
}
static void resume(Fibre& fibre) {
    emulated_thread = &fibre;
    swapcontext(&scheduler_context, &contexts[fibre.number]);
}
static void suspend() { swapcontext(&contexts[emulated_thread->number], &scheduler_context); }
#endif

void stop_block() {
    stopped = true;
    suspend();
    abort();
}

// --- barriers of a block --------------------------------------------------------------------------------------------

static int alive, waiting, barrier_line;

static void release_barrier() {
    waiting = 0;
    ++running.epoch;
    for (Fibre& fibre : fibres)
        if (fibre.state == State::AtBarrier) fibre.state = State::Ready;
}

static void run_fibre() {
    kernel_body(kernel_arguments);
    emulated_thread->state = State::Done;
    --alive;
    if (waiting && waiting == alive) {
        report("divergence|threads of block %d ended without reaching the barrier of line %d|line %d", running.number, barrier_line, barrier_line);
        release_barrier();
    }
    suspend();
    abort();  // nobody resumes a fibre that is done
}

extern "C" void emulated_barrier(int line) {
    if (!waiting)
        barrier_line = line;
    else if (barrier_line != line)
        report("divergence|threads of block %d wait at different barriers, of line %d and %d|line %d", running.number, barrier_line, line, line);
    if (alive < static_cast<int>(fibres.size()))
        report("divergence|block %d has a barrier at line %d that threads which ended did not reach|line %d", running.number, line, line);
    emulated_thread->state = State::AtBarrier;
    if (++waiting == alive)
        release_barrier();
    else
        suspend();
}

// --- warps ----------------------------------------------------------------------------------------------------------

struct Warp {
    unsigned arrived = 0;
    int operation = 0;
    int parity = 0;  // values are exchanged in one half while late lanes still read the other
    alignas(16) char values[2][WARP][SLOT];
};
static std::vector<Warp> warps;

static void wait_for_warp(unsigned mask, int operation) {
    Fibre& self = *emulated_thread;
    Warp& warp = warps[self.warp()];
    const int lanes = std::min(WARP, static_cast<int>(fibres.size()) - self.warp() * WARP);
    if (lanes < WARP) mask &= (1u << lanes) - 1;
    if (!(mask >> self.lane() & 1)) report("divergence|lane %d is not in the mask of its own warp operation|", self.lane());
    if (!warp.arrived)
        warp.operation = operation;
    else if (warp.operation != operation)
        report("divergence|lanes of warp %d of block %d are in different warp operations|", self.warp(), running.number);
    warp.arrived |= 1u << self.lane();
    self.mask = mask;
    if ((warp.arrived & mask) != mask) {
        self.state = State::InWarp;
        suspend();
        return;
    }
    warp.arrived &= ~mask;
    warp.parity ^= 1;
    for (int lane = 0; lane < lanes; ++lane) {
        Fibre& other = fibres[self.warp() * WARP + lane];
        if (other.state == State::InWarp && mask >> lane & 1) other.state = State::Ready;
    }
}

extern "C" int emulated_lane() { return emulated_thread->lane(); }

extern "C" const char* emulated_exchange(const void* value, int bytes, unsigned mask, int operation) {
    Warp& warp = warps[emulated_thread->warp()];
    auto& values = warp.values[warp.parity];
    memcpy(values[emulated_thread->lane()], value, bytes);
    wait_for_warp(mask, operation);
    return values[0];
}

extern "C" void emulated_warp_barrier(unsigned mask) {
    uint32_t& epoch = running.warp_epochs[emulated_thread->warp()];
    const uint32_t before = epoch;
    wait_for_warp(mask, 0);
    if (epoch == before) ++epoch;  // the first lane that goes on
}

// --- grids ----------------------------------------------------------------------------------------------------------

enum Order { Forward, Backward, Shuffled };

static void make_fibres(unsigned count) {
    if (fibres.size() == count) return;
    if (!stacks) {
        void* memory = mmap(nullptr, MOST_THREADS * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) abort();
        stacks = static_cast<char*>(memory);
        stacks_end = stacks + MOST_THREADS * STACK;
    }
    fibres.assign(count, Fibre());
    for (unsigned number = 0; number < count; ++number) fibres[number].stack = stacks + number * STACK;
}

static std::vector<int> ordered(int count, int order, std::mt19937& random) {
    std::vector<int> numbers(count);
    for (int number = 0; number < count; ++number) numbers[number] = order == Backward ? count - 1 - number : number;
    if (order == Shuffled) std::shuffle(numbers.begin(), numbers.end(), random);
    return numbers;
}

static void enter_block(int number, const unsigned* extents) {
    running.number = number;
    ++running.epoch;
    running.warp_epochs.assign((fibres.size() + WARP - 1) / WARP, 0);
    warps.assign(running.warp_epochs.size(), Warp());
    const unsigned *grid = extents, *block = extents + 3;
    const Index3 at{number % grid[0], number / grid[0] % grid[1], number / (grid[0] * grid[1])};
    for (unsigned thread = 0; thread < fibres.size(); ++thread) {
        Fibre& fibre = fibres[thread];
        fibre.thread = {thread % block[0], thread / block[0] % block[1], thread / (block[0] * block[1])};
        fibre.block = at;
        fibre.block_extent = {block[0], block[1], block[2]};
        fibre.grid_extent = {grid[0], grid[1], grid[2]};
        fibre.number = thread;
        fibre.state = State::Ready;
        prepare(fibre);
    }
    alive = fibres.size();
    waiting = 0;
}

// Run all ready fibres once; whether there were any.
static bool sweep(const std::vector<int>& order) {
    bool progress = false;
    for (int number : order) {
        if (fibres[number].state != State::Ready) continue;
        progress = true;
        resume(fibres[number]);
        if (stopped) return false;
    }
    return progress;
}

static void run_block(int order, std::mt19937& random) {
    while (alive) {
        if (sweep(ordered(fibres.size(), order, random))) continue;
        if (!stopped) report("deadlock|block %d: %d threads wait, %d of them at the barrier of line %d|line %d", running.number, alive, waiting, barrier_line, barrier_line);
        stopped = true;
        return;
    }
}

// extents: grid x, y, z, block x, y, z. Returns 0, or 1 where something was reported.
extern "C" int emulated_launch(void (*body)(void**), void** arguments, const unsigned* extents, int order, unsigned seed, char* shared, char* shared_end) {
    const unsigned threads = extents[3] * extents[4] * extents[5];
    if (threads == 0 || threads > MOST_THREADS) {
        report("launch|a block of %u threads; there can be 1 to %d|", threads, MOST_THREADS);
        return 1;
    }
    kernel_body = body;
    kernel_arguments = arguments;
    stopped = false;
    make_fibres(threads);
    checker_enter_launch(shared, shared_end, reinterpret_cast<void*>(body));
    std::mt19937 random(seed);
    for (int number : ordered(extents[0] * extents[1] * extents[2], order, random)) {
        enter_block(number, extents);
        if (shared) memset(shared, 0xff, shared_end - shared);  // NaN, so that what was not written shows
        checker_enter_block();
        copies_enter_block();
        run_block(order, random);
        if (stopped) break;
    }
    emulated_thread = nullptr;
    return error_count != 0;
}

extern "C" const char* emulated_errors() { return errors.c_str(); }

extern "C" void emulated_forget_errors() {
    errors.clear();
    error_count = 0;
}
