// SPDX-License-Identifier: MIT
//
// Streams, captures, graphs and events; see driver.h.
#include "driver.h"

using namespace gpu_on_threads;

DRIVER cuStreamCreate(Stream** made, unsigned)
{
    LOCKED;
    if (Status status = outside_capture()) return status;
    streams.insert(*made = make<Stream>());
    return SUCCESS;
}

DRIVER cuStreamSynchronize(Stream* stream)
{
    LOCKED;
    if (!known(stream)) return INVALID_HANDLE;
    if (Status status = outside_capture()) return status;
    drain(stream);
    return SUCCESS;
}

DRIVER cuStreamDestroy_v2(Stream* stream)
{
    LOCKED;
    if (!known(stream)) return INVALID_HANDLE;
    drain(stream);
    streams.erase(stream);
    capturing.erase(stream);
    return destroy(stream);
}

DRIVER cuStreamBeginCapture_v2(Stream* stream, int)
{
    LOCKED;
    if (Status status = ready()) return status;
    if (!known(stream) || stream->capture) return INVALID_VALUE;
    stream->capture = std::make_unique<Graph>();
    stream->invalid = false;
    capturing.insert(stream);
    return SUCCESS;
}

DRIVER cuStreamEndCapture(Stream* stream, Graph** made)
{
    LOCKED;
    if (!known(stream) || !stream->capture) return INVALID_VALUE;
    capturing.erase(stream);
    std::unique_ptr<Graph> captured = std::move(stream->capture);
    *made = nullptr;
    if (stream->invalid) return CAPTURE_INVALIDATED;
    handles.insert(*made = captured.release());
    return SUCCESS;
}

DRIVER cuThreadExchangeStreamCaptureMode(int* mode) { std::swap(*mode, capture_mode); return SUCCESS; }

DRIVER cuGraphInstantiateWithFlags(Graph** made, Graph* graph, unsigned long long)
{
    LOCKED;
    if (Status status = outside_capture()) return status;
    if (!known(graph)) return INVALID_HANDLE;
    *made = make<Graph>();
    **made = *graph;
    return SUCCESS;
}

DRIVER cuGraphLaunch(Graph* graph, Stream* stream)
{
    LOCKED;
    if (Status status = ready()) return status;
    if (!known(graph)) return INVALID_HANDLE;
    for (const Work& work : graph->work)
        if (Status status = queue(stream, work)) return status;
    return SUCCESS;
}

DRIVER cuGraphDestroy(Graph* graph) { LOCKED; return destroy(graph); }

DRIVER cuGraphExecDestroy(Graph* graph) { LOCKED; return destroy(graph); }

DRIVER cuEventCreate(Event** made, unsigned)
{
    LOCKED;
    if (Status status = ready()) return status;
    *made = make<Event>();
    return SUCCESS;
}

DRIVER cuEventRecord(Event* event, Stream* stream)
{
    LOCKED;
    if (!known(event)) return INVALID_HANDLE;
    event->recorded = true;
    event->passed = false;
    return queue(stream, [event] {
        event->at = std::chrono::steady_clock::now();
        event->passed = true;
    });
}

DRIVER cuEventElapsedTime(float* millis, Event* first, Event* last)
{
    LOCKED;
    if (!known(first) || !known(last) || !first->recorded || !last->recorded) return INVALID_HANDLE;
    if (!first->passed || !last->passed) return NOT_READY;
    *millis = std::chrono::duration<float, std::milli>(last->at - first->at).count();
    return SUCCESS;
}

DRIVER cuEventDestroy_v2(Event* event)
{
    LOCKED;
    for (Stream* stream : streams) drain(stream);
    return destroy(event);
}
