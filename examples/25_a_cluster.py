"""Can a cluster draw the paths, and what if one of its workers dies?

Two processes of this machine stand for the cluster: dask's if it is there, else Python's own. A worker of dask's is killed
in the middle; its scheduler gives the work to another, and the bits are the same.
"""

import logging
import os
import signal
from concurrent.futures import Executor, ProcessPoolExecutor

import kjproj as kj

ASK = {"all_of": ["rd_spending_2025", "rd_intensity_2025"], "method": "simulate", "n_paths": 250_000}


def with_dask(projection: kj.Projection) -> kj.Estimate:
    """On another machine, only the line of the cluster is another."""
    from dask.distributed import Client, LocalCluster

    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL)
    with cluster, Client(cluster) as client:
        victims = list(client.run(os.getpid).values())[:1]

        def told(done: int, total: int, estimate: kj.Estimate | None) -> None:
            print(f"  {done:>7,} of {total:,} paths: {estimate}")
            if victims and hasattr(signal, "SIGKILL"):
                os.kill(victims.pop(), signal.SIGKILL)
                print("  … and one of the two workers is killed")

        return kj.probability(projection, **ASK, executor=client.get_executor(), on_progress=told)


def with_processes(projection: kj.Projection) -> kj.Estimate:
    """Python's own pool does not draw again: a lost worker is an error that keeps what is finished."""
    executor: Executor
    with ProcessPoolExecutor(2) as executor:
        try:
            return kj.probability(projection, **ASK, executor=executor)
        except kj.WorkerLostError as lost:
            print(lost)
            return lost.partial


if __name__ == "__main__":
    projection = kj.project(kj.datasets.yueyang())
    print("Both targets, by simulation on two processes:")
    try:
        shared = with_dask(projection)
    except ImportError:
        shared = with_processes(projection)
    alone = kj.probability(projection, **ASK)
    print(f"\ntwo processes: {shared}\nthis thread:   {alone}\nthe same bits: {shared == alone}")
    print(f"computed:      {kj.probability(projection, all_of=ASK['all_of'])}, and needs no cluster")
    if shared != alone:
        raise SystemExit(1)
