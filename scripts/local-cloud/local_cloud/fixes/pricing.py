"""The Price List API, which ministack lacks: GetProducts for what `cloudsail catalogue refresh` asks, from the catalogue's own
price file. Copied into the emulator's services.
"""

import json

from local_cloud import settings

from ministack.core.responses import error_response_json, json_response

PAGE = 100


def _file(name):
    return json.loads((settings.ROOT / "layers/knowledge" / name).read_text())


def _product(sku, family, attributes, unit, micro):
    """One product as the API answers it: a string of JSON."""
    dimension = {"unit": unit, "beginRange": "0", "endRange": "Inf", "pricePerUnit": {"USD": f"{micro / 1_000_000:.10f}"}}
    terms = {"OnDemand": {f"{sku}.JRTCKXETXF": {"priceDimensions": {f"{sku}.JRTCKXETXF.6YS6EN2CT7": dimension}}}}
    return json.dumps({"product": {"sku": sku, "productFamily": family, "attributes": attributes}, "terms": terms})


def _all(service):
    for region, prices in _file("aws-prices.json")["regions"].items():
        place = {"regionCode": region}
        if service == "AmazonS3":
            attributes = {**place, "storageClass": "General Purpose", "volumeType": "Standard"}
            yield "Storage", attributes, "GB-Mo", prices["backup_gib_month"]
        if service != "AmazonEC2":
            continue
        shared = {"operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used",
                  "licenseModel": "No License required", "marketoption": "OnDemand"}
        for name, micro in prices["instance_hour"].items():
            yield "Compute Instance", {**place, **shared, "instanceType": name}, "Hrs", micro
        gp3 = {**place, "volumeApiName": "gp3"}
        yield "Storage", gp3, "GB-Mo", prices["gp3"]["gib_month"]
        yield "System Operation", {**gp3, "group": "EBS IOPS"}, "IOPS-Mo", prices["gp3"]["iops_month"]
        yield "Provisioned Throughput", {**gp3, "group": "EBS Throughput"}, "GiBps-mo", prices["gp3"]["mib_s_month"] * 1024


def _matches(family, attributes, filters):
    facts = {**attributes, "productFamily": family}
    return all(facts.get(f.get("Field")) == f.get("Value") for f in filters)


def _get_products(request):
    service = request.get("ServiceCode")
    if not service:
        return error_response_json("InvalidParameterException", "ServiceCode is required", 400)
    found = [
        (number, *entry) for number, entry in enumerate(_all(service)) if _matches(entry[0], entry[1], request.get("Filters") or [])
    ]
    start = int(request.get("NextToken") or 0)
    end = start + int(request.get("MaxResults") or PAGE)
    answer = {"FormatVersion": "aws_v1", "PriceList": [_product(f"SKU{number:08}", *rest) for number, *rest in found[start:end]]}
    if end < len(found):
        answer["NextToken"] = str(end)
    return json_response(answer)


async def handle_request(method, path, headers, body, query_params):
    action = (headers.get("x-amz-target") or "").rpartition(".")[2]
    if action != "GetProducts":
        return error_response_json("InvalidAction", f"Operation '{action}' not implemented", 400)
    return _get_products(json.loads(body or b"{}"))


def get_state():
    """Nothing to keep over a restart; the emulator asks every service that was called."""
    return {}


def load_persisted_state(data):
    """Nothing was kept."""


def reset():
    """Nothing changes here."""
