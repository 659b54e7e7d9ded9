export const POST = async (request: Request) => Response.json({ ordered: (await request.json()) as unknown }, { status: 201 });
