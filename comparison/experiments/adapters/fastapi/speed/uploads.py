from fastapi import APIRouter, HTTPException, UploadFile
from fastapi.responses import PlainTextResponse

router = APIRouter()


@router.post("/upload", response_class=PlainTextResponse)
async def upload(file: UploadFile | None = None):
    if not file:
        raise HTTPException(400)
    size = len(await file.read())
    return f"{file.filename} {size}"
