"""Many requests at once with asyncio, and what they cost."""
import asyncio

from modelmora_client import AsyncModelMoraClient, errors

MODEL = "sentence-transformers/all-MiniLM-L6-v2"


async def main() -> None:
    async with AsyncModelMoraClient(client_name="example") as client:
        asked = (client.inference.infer(MODEL, {"text": f"text number {i}"}, priority="low") for i in range(32))
        results = await asyncio.gather(*asked, return_exceptions=True)
        failed = [result for result in results if isinstance(result, errors.ModelMoraError)]
        batches = [result.metadata.batch_size for result in results if not isinstance(result, BaseException)]
        print(f"{len(batches)} answers, {len(failed)} errors, computed in batches of up to {max(batches)}")


asyncio.run(main())
