// Several listeners where a port takes one: each is told in turn. Filled once in the composition root; engine thread.
#pragma once

#include "engine/inference/jobs/ports.h"
#include "engine/inference/ports.h"
#include "engine/lifecycle/ports.h"

#include <vector>

namespace mm::app {

class LifecycleListeners final : public lifecycle::LifecycleListener {
public:
    // They outlive the list.
    void add(lifecycle::LifecycleListener& listener) { m_all.push_back(&listener); }

    void onStateChanged(const lifecycle::StateChange& change) override {
        for (auto* each : m_all)
            each->onStateChanged(change);
    }
    void onLoadProgress(const std::string& key, int instance, const lifecycle::v1::LoadStage& stage) override {
        for (auto* each : m_all)
            each->onLoadProgress(key, instance, stage);
    }
    void onWaiting(const std::string& key, const std::string& reason) override {
        for (auto* each : m_all)
            each->onWaiting(key, reason);
    }
    void onPinned(const std::string& key, bool pinned) override {
        for (auto* each : m_all)
            each->onPinned(key, pinned);
    }
    void onMemory(const lifecycle::MemoryChange& change) override {
        for (auto* each : m_all)
            each->onMemory(change);
    }
    void onDevices(const std::vector<lifecycle::DeviceAccount>& devices) override {
        for (auto* each : m_all)
            each->onDevices(devices);
    }

private:
    std::vector<lifecycle::LifecycleListener*> m_all;
};

class InferenceListeners final : public inference::InferenceListener {
public:
    // They outlive the list.
    void add(inference::InferenceListener& listener) { m_all.push_back(&listener); }

    void onBatch(const inference::BatchSent& batch) override {
        for (auto* each : m_all)
            each->onBatch(batch);
    }
    void onFinished(const inference::RequestEnd& end) override {
        for (auto* each : m_all)
            each->onFinished(end);
    }
    void onEnded(const inference::WholeEnd& end) override {
        for (auto* each : m_all)
            each->onEnded(end);
    }
    void onRefused(const inference::RequestRefusal& refusal) override {
        for (auto* each : m_all)
            each->onRefused(refusal);
    }
    void onChanged(const inference::RequestChange& change) override {
        for (auto* each : m_all)
            each->onChanged(change);
    }

private:
    std::vector<inference::InferenceListener*> m_all;
};

class JobListeners final : public inference::JobListener {
public:
    // They outlive the list.
    void add(inference::JobListener& listener) { m_all.push_back(&listener); }

    void onJobAccepted(const inference::Job& job) override {
        for (auto* each : m_all)
            each->onJobAccepted(job);
    }
    void onJobProgress(const inference::JobProgress& progress) override {
        for (auto* each : m_all)
            each->onJobProgress(progress);
    }
    void onWebhook(const inference::Job& job) override {
        for (auto* each : m_all)
            each->onWebhook(job);
    }
    void onJobEnded(const inference::Job& job) override {
        for (auto* each : m_all)
            each->onJobEnded(job);
    }

private:
    std::vector<inference::JobListener*> m_all;
};

} // namespace mm::app
