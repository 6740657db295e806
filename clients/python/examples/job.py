"""A job: submitted, followed by its events, and its result fetched."""
from modelmora_client import ModelMoraClient

MODEL = "sentence-transformers/all-MiniLM-L6-v2"

with ModelMoraClient() as client:
    job = client.inference.infer_async(MODEL, {"text": [f"text number {i}" for i in range(300)]}, priority="low")
    print("submitted", job.job_id)
    # From before its submission on, so that nothing of it is missed.
    for event in client.events.watch(job_id=job.job_id, after_id=1):
        print(event.type, event.details)
        if event.type in ("job.completed", "job.failed", "job.cancelled"):
            break
    print(client.jobs.get_result(job.job_id).output_data.embeddings)
