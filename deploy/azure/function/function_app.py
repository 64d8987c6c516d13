"""The entry points that Azure Functions looks for; all else is ingestion/handlers/azure_function.py's.

Deployed is the queue's. The webhook is for those who have no Service Bus: it stays shut (401) while the
variables for tokens are not set.
"""

import time

import azure.functions as functions

from ingestion.handlers import azure_function
from ingestion.receiving import Later

PAUSE = 60  # seconds: Service Bus gives a message that failed back at once, thirty times

app = functions.FunctionApp(http_auth_level=functions.AuthLevel.ANONYMOUS)


@app.service_bus_queue_trigger(
    arg_name="message", queue_name="%CLOUDTALLY_QUEUE%", connection="CLOUDTALLY_BUS"
)
def land_from_queue(message: functions.ServiceBusMessage) -> None:
    try:
        azure_function.message(message.get_body())
    except Later:
        time.sleep(PAUSE)
        raise


@app.route(route="land", methods=["POST", "OPTIONS"])
def land_from_webhook(request: functions.HttpRequest) -> functions.HttpResponse:
    given = azure_function.answer(request.method, dict(request.headers), request.get_body())
    return functions.HttpResponse(given.body, status_code=given.status, headers=dict(given.headers))
